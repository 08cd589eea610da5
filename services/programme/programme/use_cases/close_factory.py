"""Close the record of a factory that left for good."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.identity import Identity
from programme.access import visible
from programme.domain.factory import CloseReason
from programme.storage import factories


@dataclass(frozen=True)
class CloseFactory:
    """Why, as a code of the contract."""

    factory_id: str
    reason: CloseReason
    etag: str = ""


def close_factory(command: CloseFactory, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, and FactoryWrongState."""
    factory = factories.get(visible(caller, "factory"), command.factory_id, etag=command.etag)
    access.may(caller, "CloseFactory", {"country": factory.country})
    factory.close(command.reason, clock.now())
    factories.save(factory)
