"""One person's part in one session."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from training.domain.outcomes import OutcomeKind
from training.domain.people import Employer, Role, Sex
from training.domain.records import Kept


class ParticipantState(StrEnum):
    """Whether somebody has a place."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class WithdrawReason(StrEnum):
    """Why somebody withdrew."""

    ABSENCE = "absence"
    EMPLOYER_DECISION = "employer_decision"
    OWN_DECISION = "own_decision"
    LEFT_EMPLOYER = "left_employer"
    ENROLLED_IN_ERROR = "enrolled_in_error"


class TestKind(StrEnum):
    """The test before the training, or the one after it."""

    PRE = "pre"
    POST = "post"


@dataclass(frozen=True)
class Identity:
    """What is personal about somebody; it never leaves this service but to readers of participants."""

    full_name: str
    sex: Sex
    role: Role
    employer: Employer


@dataclass
class Participant:
    """`attendance` may hold only the days at hand: 1 is present, 0 absent. Outcomes: 1 or 0, or tenths of a percent."""

    id: str
    identity: Identity
    state: ParticipantState
    enrolled_at: datetime
    placed_at: datetime | None = None
    withdraw_reason: WithdrawReason | None = None
    attendance: dict[date, Kept] = field(default_factory=dict)
    scores: dict[TestKind, Kept] = field(default_factory=dict)
    completed: bool | None = None
    days_present: int = 0
    certificate: str = ""
    outcomes: dict[OutcomeKind, Kept] = field(default_factory=dict)

    @property
    def sex(self) -> Sex:
        """Sex, to be counted."""
        return self.identity.sex

    @property
    def role(self) -> Role:
        """Role, to be counted."""
        return self.identity.role

    @property
    def has_place(self) -> bool:
        """Whether the person takes part."""
        return self.state is ParticipantState.ENROLLED

    @property
    def waits(self) -> bool:
        """Whether the person waits for a place."""
        return self.state is ParticipantState.WAITING

    def present_on(self, day: date) -> bool:
        """Whether it is known that the person was there."""
        known = self.attendance.get(day)
        return known is not None and bool(known.value)
