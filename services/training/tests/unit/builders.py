"""Sessions and people for the tests of the domain."""

from datetime import UTC, date, datetime, timedelta

from training.domain.attendance import Operation, record_attendance
from training.domain.course import Course, Definition
from training.domain.enrolment import Candidate, enrol
from training.domain.outcomes import OutcomeKind
from training.domain.participant import Identity
from training.domain.people import Employer, EmployerKind, Role, Sex
from training.domain.recording import Stamp
from training.domain.roster import Roster
from training.domain.session import Plan, Session

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Ten in the morning in Dhaka."""

DAYS = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
OFFICER = "officer"


def course(**changes: object) -> Course:
    """A course of three days that asks for promotions."""
    values: dict[str, object] = {
        "titles": {"en": "Course", "ar": "دورة"},
        "days": 3,
        "hours_per_day": 7,
        "trainee_weeks": 0,
        "audience": (Role.WORKER,),
        "modules": (),
        "default_capacity": 2,
        "min_attendance_percent": 60,
        "test_max_score": 20,
        "outcome_months": 6,
        "outcome_kinds": (OutcomeKind.PROMOTION,),
        "points": (),
        "sources": {},
    }
    return Course.define("course", Definition(**(values | changes)), NOW)  # type: ignore[arg-type]


def session(*, days: tuple[date, ...] = DAYS, capacity: int = 2, **changes: object) -> Session:
    """A session that starts today."""
    plan = Plan("BD", "Asia/Dhaka", "bd-1001", (), "Hall", days, ("trainer",), capacity)
    return Session.schedule("session", course(**changes), plan, OFFICER, NOW)


def candidate(name: str, **changes: object) -> Candidate:
    """Somebody who works in the factory; the name is also the id."""
    values: dict[str, object] = {
        "full_name": name,
        "sex": Sex.FEMALE,
        "role": Role.WORKER,
        "employer": Employer(EmployerKind.FACTORY, "bd-1001"),
    }
    return Candidate(name, Identity(**(values | changes)))  # type: ignore[arg-type]


def with_people(*names: str, capacity: int = 2, may_wait: bool = False, **changes: object) -> tuple[Session, Roster]:
    """A session with these people; what was recorded so far is forgotten."""
    made, roster = session(capacity=capacity, **changes), Roster()  # type: ignore[arg-type]
    enrol(made, roster, [candidate(name) for name in names], may_wait=may_wait, actor=OFFICER, now=NOW)
    made.recorded.clear()
    return made, roster


def stamp(operation: str, at: datetime = NOW, entered: datetime | None = None) -> Stamp:
    """An operation of the officer."""
    return Stamp(operation, at, entered or at, OFFICER)


def attend(made: Session, roster: Roster, *present: tuple[str, ...]) -> None:
    """For each day in turn, who was there."""
    for number, people in enumerate(present):
        at = NOW + timedelta(days=number)
        absent = frozenset({one.id for one in roster.enrolled} - set(people))
        operation = Operation(stamp(f"day-{number}", at), made.plan.days[number], absent=absent)
        record_attendance(made, roster, [operation], OFFICER, at)
