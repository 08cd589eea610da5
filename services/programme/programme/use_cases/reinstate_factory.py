"""Let a suspended factory take part again."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.identity import Identity
from programme.access import visible
from programme.storage import factories


@dataclass(frozen=True)
class ReinstateFactory:
    """Which factory."""

    factory_id: str
    etag: str = ""


def reinstate_factory(command: ReinstateFactory, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, and FactoryWrongState."""
    factory = factories.get(visible(caller, "factory"), command.factory_id, etag=command.etag)
    access.may(caller, "ReinstateFactory", {"country": factory.country})
    factory.reinstate(clock.now())
    factories.save(factory)
