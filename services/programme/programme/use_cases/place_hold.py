"""Put a factory on hold, for a cause that stays with the managers of its country."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.errors import NotFound
from chassis.identity import Identity
from programme.access import visible
from programme.domain.hold import FactoryHolds, HoldCause
from programme.storage import factories, factory_holds


@dataclass(frozen=True)
class PlaceHold:
    """`hold_id` is assigned by the caller."""

    factory_id: str
    hold_id: str
    cause: HoldCause
    cause_text: str = ""


def place_hold(command: PlaceHold, caller: Identity) -> None:
    """Raises NotFound for a factory that the caller may not know of, Denied, HoldExists, and InvalidFields."""
    factory = factories.read(visible(caller, "factory"), command.factory_id, {"country": 1})
    access.may(caller, "PlaceHold", {"country": factory["country"]})
    now = clock.now()
    try:
        holds = factory_holds.get(visible(caller, "hold"), command.factory_id)
    except NotFound:
        holds = FactoryHolds(command.factory_id, factory["country"])
        holds.place(command.hold_id, command.cause, command.cause_text, by=caller.subject, now=now)
        factory_holds.add(holds)
    else:
        holds.place(command.hold_id, command.cause, command.cause_text, by=caller.subject, now=now)
        factory_holds.save(holds)
