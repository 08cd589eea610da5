"""Let a factory take no part for a while."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.identity import Identity
from programme.access import visible
from programme.domain.factory import SuspendReason
from programme.storage import factories


@dataclass(frozen=True)
class SuspendFactory:
    """Why, as a code of the contract."""

    factory_id: str
    reason: SuspendReason
    etag: str = ""


def suspend_factory(command: SuspendFactory, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, and FactoryWrongState."""
    factory = factories.get(visible(caller, "factory"), command.factory_id, etag=command.etag)
    access.may(caller, "SuspendFactory", {"country": factory.country})
    factory.suspend(command.reason, clock.now())
    factories.save(factory)
