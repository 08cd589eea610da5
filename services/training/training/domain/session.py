"""One session of a course, from its schedule to outcomes months later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from training.domain import facts
from training.domain.course import Course
from training.domain.days import check_days, local_day
from training.domain.errors import OverCapacity, WrongState
from training.domain.outcomes import OutcomeKind
from training.domain.people import HeadCount, head_counts, total
from training.domain.roster import Roster


class SessionState(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class SessionCancelReason(StrEnum):
    """Why a session was called off."""

    TOO_FEW_PARTICIPANTS = "too_few_participants"
    TRAINER_UNAVAILABLE = "trainer_unavailable"
    PLACE_UNAVAILABLE = "place_unavailable"
    FACTORY_REQUEST = "factory_request"
    UNSAFE = "unsafe"
    SCHEDULED_IN_ERROR = "scheduled_in_error"


@dataclass(frozen=True)
class Plan:
    """What a session is scheduled with. `factory_id` is empty where it is held for nobody alone."""

    country: str
    time_zone: str
    factory_id: str
    invited_factories: tuple[str, ...]
    place: str
    days: tuple[date, ...]
    trainers: tuple[str, ...]
    capacity: int


@dataclass(frozen=True)
class Terms:
    """What the course said when the session was scheduled; a later revision does not change a session."""

    course_id: str
    hours_per_day: int
    min_attendance_percent: int
    test_max_score: int
    outcome_months: int
    outcome_kinds: tuple[OutcomeKind, ...]


@dataclass
class Session:
    """The root. Its people are handed to verbs as a roster; what it keeps of them are counts.

    `factory_ids` are all factories with a part in it, sorted. `open_days` are days on which the attendance of somebody
    with a place is not known, `attended_days` those with any. `first_day` and `last_day` repeat `days` for queries.
    """

    id: str
    terms: Terms
    plan: Plan
    scheduled_at: datetime
    first_day: date
    last_day: date
    factory_ids: tuple[str, ...]
    state: SessionState = SessionState.SCHEDULED
    cancel_reason: SessionCancelReason | None = None
    enrolled: tuple[HeadCount, ...] = ()
    waiting: int = 0
    waiting_since: datetime | None = None
    open_days: tuple[date, ...] = ()
    attended_days: tuple[date, ...] = ()
    completed_at: datetime | None = None
    completed: tuple[HeadCount, ...] = ()
    certificates: int = 0
    outcomes_due_on: date | None = None
    outcomes_missing: int = 0
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def schedule(cls, session_id: str, course: Course, plan: Plan, actor: str, now: datetime) -> "Session":
        """A new session. Raises InvalidDays."""
        check_days(plan.days, local_day(now, plan.time_zone))
        asked = course.definition
        terms = Terms(
            course.id,
            asked.hours_per_day,
            asked.min_attendance_percent,
            asked.test_max_score,
            asked.outcome_months,
            asked.outcome_kinds,
        )
        session = cls(session_id, terms, plan, now, plan.days[0], plan.days[-1], ())
        session.note_factories(Roster())
        session.record(facts.SessionScheduled, actor, now)
        return session

    @property
    def places_left(self) -> int:
        """How many can still get a place."""
        return self.plan.capacity - total(self.enrolled)

    def today(self, now: datetime) -> date:
        """The calendar day where the session is held."""
        return local_day(now, self.plan.time_zone)

    def reschedule(self, days: tuple[date, ...], actor: str, now: datetime) -> None:
        """Moves it; days with attendance stay. Raises WrongState or InvalidDays."""
        self.require(SessionState.SCHEDULED)
        former = self.plan.days
        check_days(days, self.today(now), former)
        if lost := [day for day in self.attended_days if day not in days]:
            raise WrongState(f"people attended {lost[0]}, so that it stays a day of the session")
        if days == former:
            return
        self.plan = self._planned(days=days)
        self.first_day, self.last_day = days[0], days[-1]
        fresh = [day for day in days if day not in former] if self.enrolled else []
        self.open_days = tuple(day for day in days if day in self.open_days or day in fresh)
        self.record(facts.SessionRescheduled, actor, now, former_days=former)

    def update(self, changes: dict[str, object], roster: Roster, actor: str, now: datetime) -> bool:
        """Other place, trainers, capacity or invited factories; says whether anything changed.

        Raises WrongState, or OverCapacity for fewer places than are taken.
        """
        self.require(SessionState.SCHEDULED)
        changed = sorted(name for name, value in changes.items() if getattr(self.plan, name) != value)
        if not changed:
            return False
        planned = self._planned(**{name: changes[name] for name in changed})
        if planned.capacity < total(self.enrolled):
            raise OverCapacity(f"{total(self.enrolled)} people have a place; withdraw some first", ["capacity"])
        self.plan = planned
        self.note_factories(roster)
        self.record(facts.SessionUpdated, actor, now, changed=tuple(changed))
        return True

    def cancel(self, reason: SessionCancelReason, actor: str, now: datetime) -> None:
        """Calls it off. Raises WrongState once somebody has attended: then it is completed."""
        self.require(SessionState.SCHEDULED)
        if self.attended_days:
            raise WrongState("people attended this session; complete it instead")
        self.state = SessionState.CANCELLED
        self.cancel_reason = reason
        self.record(facts.SessionCancelled, actor, now)

    def count(self, roster: Roster) -> None:
        """Brings the counts up to date with a roster that holds everybody and all their attendance."""
        waiting = roster.waiting
        self.enrolled = head_counts(roster.enrolled)
        self.waiting = len(waiting)
        self.waiting_since = waiting[0].enrolled_at if waiting else None
        self.open_days = tuple(day for day in self.plan.days if roster.missing_on(day))
        self.note_factories(roster)

    def note_factories(self, roster: Roster) -> None:
        """Brings the factories with a part in it up to date."""
        invited = {self.plan.factory_id, *self.plan.invited_factories} - {""}
        self.factory_ids = tuple(sorted(invited | roster.factory_ids()))

    def require(self, *states: SessionState) -> None:
        """Raises WrongState unless it stands so."""
        if self.state not in states:
            wanted = " or ".join(state.value for state in states)
            raise WrongState(f"the session is {self.state.value}; this needs it to be {wanted}")

    def record(self, kind: Callable[..., object], actor: str, now: datetime, /, **details: object) -> None:
        """Notes a fact about this session, to be saved with it."""
        self.recorded.append(kind(self.id, actor, now, **details))

    def _planned(self, **changes: object) -> Plan:
        values = {name: changes.get(name, getattr(self.plan, name)) for name in Plan.__dataclass_fields__}
        return Plan(**values)  # type: ignore[arg-type]


def merge_days(known: Sequence[date], more: Sequence[date]) -> tuple[date, ...]:
    """Both, in order, each once."""
    return tuple(sorted({*known, *more}))
