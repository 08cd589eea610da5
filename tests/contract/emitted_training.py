"""How training comes to record each of its public facts, with the same data every time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from training.contracts import ROUTES
from training.domain import completion
from training.domain.attendance import Operation, record_attendance
from training.domain.certificate import RevokeReason, entitled, issue, revoke
from training.domain.course import Course, Definition, Module, Point
from training.domain.enrolment import Candidate, enrol, withdraw
from training.domain.following import OutcomeOperation, record_outcomes
from training.domain.outcomes import OutcomeKind
from training.domain.participant import Identity, WithdrawReason
from training.domain.people import Employer, EmployerKind, Role, Sex
from training.domain.recommendation import DismissReason, Grounds, Recommendation
from training.domain.recording import Stamp
from training.domain.roster import Roster
from training.domain.session import Plan, Session, SessionCancelReason

from .emitting import emitted

SCHEDULED_AT = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
HELD_AT = datetime(2026, 3, 16, 11, 0, tzinfo=UTC)
"""Five in the afternoon in Dhaka."""

OFFICER = "5a0c7c9e-8d1f-4b0a-9c55-2f6e1d3b7a01"
TRAINER = "c3b1f7a2-0e4d-4a66-b1c8-7d9e5f2a6b11"
SESSION = "e2f4a6c8-1b3d-4f5e-8a7c-9d0b2e4f6a55"
PEOPLE = [f"{number}f4a6c8e-1b3d-4f5e-8a7c-9d0b2e4f6a01" for number in range(1, 6)]
ASSESSMENT = "b6a1f7e2-3c4d-4e5f-8a9b-0c1d2e3f4a55"
GENDER = Point("discrimination", "gender")

DEFINITION = Definition(
    titles={"en": "Gender Equality and Returns", "ar": "المساواة بين الجنسين والعوائد"},
    days=2,
    hours_per_day=7,
    trainee_weeks=8,
    audience=(Role.WORKER, Role.SUPERVISOR),
    modules=(Module("soft-skills", {"en": "Soft skills", "ar": "مهارات"}),),
    default_capacity=20,
    min_attendance_percent=90,
    test_max_score=20,
    outcome_months=6,
    outcome_kinds=(OutcomeKind.PROMOTION, OutcomeKind.PAY_CHANGE),
    points=(GENDER,),
    sources={},
)


def _course() -> Course:
    return Course.define("gear", DEFINITION, SCHEDULED_AT)


def _session(*, factory: str = "bd-1001", capacity: int = 4) -> Session:
    days = (date(2026, 3, 16), date(2026, 3, 17))
    plan = Plan("BD", "Asia/Dhaka", factory, ("bd-1002",), "Training room", days, (TRAINER,), capacity)
    return Session.schedule(SESSION, _course(), plan, OFFICER, SCHEDULED_AT)


def _rescheduled() -> Session:
    session = _session()
    session.reschedule((date(2026, 3, 23), date(2026, 3, 24)), OFFICER, SCHEDULED_AT + timedelta(days=1))
    return session


def _updated() -> Session:
    session = _session()
    changes: dict[str, object] = {"capacity": 12, "place": "Canteen"}
    session.update(changes, Roster(), OFFICER, SCHEDULED_AT + timedelta(days=1))
    return session


def _candidate(number: int) -> Candidate:
    sex = Sex.FEMALE if number % 2 else Sex.MALE
    role = Role.WORKER if number < 4 else Role.INSPECTOR
    employer = Employer(EmployerKind.FACTORY, f"bd-100{1 + number // 3}")
    if role is Role.INSPECTOR:
        employer = Employer(EmployerKind.INSPECTORATE, "", "Inspectorate of labour")
    return Candidate(PEOPLE[number - 1], Identity(f"Person {number}", sex, role, employer))


def _enrolled(*, factory: str = "bd-1001", capacity: int = 4) -> tuple[Session, Roster]:
    session, people = _session(factory=factory, capacity=capacity), Roster()
    candidates = [_candidate(number) for number in range(1, 5)]
    enrol(session, people, candidates, may_wait=True, actor=OFFICER, now=SCHEDULED_AT + timedelta(days=2))
    return session, people


def _promoted() -> Session:
    session, people = _enrolled(capacity=2)
    at = SCHEDULED_AT + timedelta(days=3)
    withdraw(session, people, PEOPLE[0], WithdrawReason.OWN_DECISION, actor=OFFICER, now=at)
    return session


def _cancelled() -> Session:
    session, _ = _enrolled()
    session.cancel(SessionCancelReason.PLACE_UNAVAILABLE, OFFICER, SCHEDULED_AT + timedelta(days=3))
    return session


def _stamp(number: int, at: datetime) -> Stamp:
    return Stamp(f"{number}a6c8e2f-4b3d-4f5e-8a7c-9d0b2e4f6a77", at, at, TRAINER)


def _attended(session: Session, people: Roster, *, first: datetime = HELD_AT) -> Session:
    absent = frozenset({PEOPLE[1]})
    for number, day in enumerate(session.plan.days):
        at = first + timedelta(days=number)
        record_attendance(session, people, [Operation(_stamp(number, at), day, absent=absent)], TRAINER, at)
    return session


def _attendance(*, late: bool) -> Session:
    session, people = _enrolled()
    at = HELD_AT + timedelta(days=4 if late else 0)
    one = Operation(_stamp(1, at), session.plan.days[0], (PEOPLE[0], True))
    record_attendance(session, people, [one], TRAINER, at)
    if late:
        return session
    everybody = Operation(_stamp(2, at), session.plan.days[0], absent=frozenset({PEOPLE[1]}))
    record_attendance(session, people, [everybody], TRAINER, at)
    return session


def _completed(*, factory: str = "bd-1001") -> tuple[Session, Roster]:
    session, people = _enrolled(factory=factory)
    _attended(session, people)
    completion.complete(session, people, OFFICER, HELD_AT + timedelta(days=2))
    return session, people


def _certified() -> tuple[Session, Roster]:
    session, people = _completed()
    fresh = Roster(people)
    issue(session, fresh, entitled(fresh, ()), (), lambda _: "0", actor=OFFICER, now=HELD_AT + timedelta(days=3))
    return session, fresh


def _revoked() -> Session:
    session, people = _completed()
    one = Roster(people)
    (made,) = issue(
        session, one, entitled(one, ())[:1], (), lambda _: "0", actor=OFFICER, now=HELD_AT + timedelta(days=3)
    )
    person = people.get(made.participant_id)
    assert person is not None
    revoke(session, person, made, RevokeReason.HOLDER_WRONG, OFFICER, HELD_AT + timedelta(days=4))
    return session


def _outcomes(kind: OutcomeKind, *values: int) -> Session:
    session, people = _completed()
    at = HELD_AT + timedelta(days=190)
    operations = [
        OutcomeOperation(_stamp(number, at), PEOPLE[number], kind, value)
        for number, value in zip((0, 2, 3), values, strict=True)
    ]
    record_outcomes(session, people, operations, OFFICER, at)
    return session


def _due() -> Session:
    session, _ = _completed()
    completion.remind_of_outcomes(session, datetime(2026, 9, 17, 3, 0, tzinfo=UTC))
    return session


def _overdue() -> Session:
    session, _ = _completed()
    completion.escalate_outcomes(session, datetime(2026, 10, 17, 3, 0, tzinfo=UTC))
    return session


def _recommended() -> Recommendation:
    return Recommendation.open("bd-1001", "BD", "gear", Grounds(ASSESSMENT, (GENDER,), HELD_AT))


def _met() -> Recommendation:
    recommendation = _recommended()
    recommendation.meet(SESSION, 3, HELD_AT + timedelta(days=40))
    return recommendation


def _dismissed() -> Recommendation:
    recommendation = _recommended()
    recommendation.dismiss(DismissReason.TRAINED_ELSEWHERE, OFFICER, HELD_AT + timedelta(days=9))
    return recommendation


MAKERS: dict[str, Callable[[], Any]] = {
    "CourseRevised/into-the-catalogue": _course,
    "SessionScheduled/for-a-factory": _session,
    "SessionRescheduled/a-week-later": _rescheduled,
    "SessionUpdated/more-places": _updated,
    "SessionCancelled/no-place": _cancelled,
    "EnrolmentsChanged/two-wait": lambda: _enrolled(capacity=2)[0],
    "EnrolmentsChanged/one-moves-up": _promoted,
    "AttendanceRecorded/of-everybody": lambda: _attendance(late=False),
    "AttendanceRecorded/late": lambda: _attendance(late=True),
    "SessionCompleted/for-a-factory": lambda: _completed()[0],
    "SessionCompleted/for-the-industry": lambda: _completed(factory="")[0],
    "CertificatesIssued/to-all-entitled": lambda: _certified()[0],
    "CertificateRevoked/wrong-holder": _revoked,
    "OutcomesRecorded/promotions": lambda: _outcomes(OutcomeKind.PROMOTION, 1, 0, 1),
    "OutcomesRecorded/pay": lambda: _outcomes(OutcomeKind.PAY_CHANGE, 390, -20, 0),
    "OutcomesDue/six-months-later": _due,
    "OutcomesOverdue/a-month-later": _overdue,
    "CourseRecommended/one-point": _recommended,
    "CourseRecommendationMet/by-a-session": _met,
    "CourseRecommendationDismissed/trained-elsewhere": _dismissed,
}
EMITTED = emitted("amplify.training.v1", ROUTES, MAKERS)
