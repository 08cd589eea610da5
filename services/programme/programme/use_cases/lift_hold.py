"""End a hold of a factory."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.errors import NotFound
from chassis.identity import Identity
from programme.access import visible
from programme.storage import factory_holds


@dataclass(frozen=True)
class LiftHold:
    """Which hold of which factory, and on what ground."""

    factory_id: str
    hold_id: str
    lift_text: str
    etag: str = ""


def lift_hold(command: LiftHold, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, HoldNotOpen when it was lifted already, and InvalidFields."""
    holds = factory_holds.get(visible(caller, "hold"), command.factory_id, etag=command.etag)
    access.may(caller, "LiftHold", {"country": holds.country})
    try:
        holds.lift(command.hold_id, command.lift_text, by=caller.subject, now=clock.now())
    except KeyError:
        raise NotFound("There is no such resource.") from None
    factory_holds.save(holds)
