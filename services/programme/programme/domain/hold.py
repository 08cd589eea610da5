"""Holds of a factory: why finance must wait for it, known to the managers of its country alone.

A factory may have several holds. To others there is at most one thing to see: that it is on hold, the same whatever
the causes are and however many.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from programme.domain.errors import HoldExists, HoldNotOpen, InvalidFields, Problem
from programme.domain.facts import HoldAdded, HoldEnded, HoldLifted, HoldPlaced


class HoldCause(Enum):
    """Why a factory is held: what the protocol on zero tolerance names, and two more."""

    CHILD_LABOUR = "child-labour"
    FORCED_LABOUR = "forced-labour"
    PHYSICAL_ABUSE = "physical-abuse"
    SEXUAL_VIOLENCE = "sexual-violence"
    VIOLENCE = "violence"
    PUNISHED_FOR_LEAVING_DANGER = "punished-for-leaving-danger"
    IMMINENT_DANGER = "imminent-danger"
    INTEGRITY = "integrity"
    OTHER = "other"


class HoldState(Enum):
    """Where a hold stands."""

    OPEN = "open"
    LIFTED = "lifted"


@dataclass(frozen=True)
class Hold:
    """One hold; `placed_by` and `lifted_by` are opaque persons."""

    id: str
    cause: HoldCause
    cause_text: str
    state: HoldState
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lift_text: str = ""


@dataclass
class FactoryHolds:
    """All holds of one factory; `id` is the factory's."""

    id: str
    country: str
    holds: tuple[Hold, ...] = ()
    recorded: list[object] = field(default_factory=list)

    @property
    def on_hold(self) -> bool:
        """Whether anything holds the factory."""
        return any(hold.state is HoldState.OPEN for hold in self.holds)

    def place(self, hold_id: str, cause: HoldCause, cause_text: str, *, by: str, now: datetime) -> None:
        """Add a hold; only the first open one is told. Raises HoldExists, and InvalidFields for no word on another
        cause."""
        if any(hold.id == hold_id for hold in self.holds):
            raise HoldExists("The id is that of another hold of this factory.", "hold_id")
        if cause is HoldCause.OTHER and not cause_text.strip():
            raise InvalidFields([Problem("cause_text", "REQUIRED", "say what the other cause is")])
        first = not self.on_hold
        self.holds = (*self.holds, Hold(hold_id, cause, cause_text.strip(), HoldState.OPEN, now, by))
        self.recorded.append(HoldPlaced(self.id, now) if first else HoldAdded(self.id, hold_id, now))

    def lift(self, hold_id: str, lift_text: str, *, by: str, now: datetime) -> None:
        """End a hold; only the end of the last open one is told. Raises HoldNotOpen, InvalidFields, and KeyError for an
        unknown hold."""
        present = self.hold(hold_id)
        if present.state is not HoldState.OPEN:
            raise HoldNotOpen("The hold was lifted already.", "name")
        if not lift_text.strip():
            raise InvalidFields([Problem("lift_text", "REQUIRED", "say on what ground the hold ends")])
        lifted = replace(present, state=HoldState.LIFTED, lifted_at=now, lifted_by=by, lift_text=lift_text.strip())
        self.holds = tuple(lifted if hold.id == hold_id else hold for hold in self.holds)
        self.recorded.append(HoldEnded(self.id, hold_id, now) if self.on_hold else HoldLifted(self.id, now))

    def hold(self, hold_id: str) -> Hold:
        """One hold. Raises KeyError."""
        found = next((hold for hold in self.holds if hold.id == hold_id), None)
        if found is None:
            raise KeyError(hold_id)
        return found
