"""Who completed a session: computed from attendance by the course's rule, never typed."""

from datetime import datetime, timedelta

from training.domain import facts
from training.domain.days import months_later, office_opens
from training.domain.errors import AttendanceMissing, NotOver, WrongState
from training.domain.outcomes import OVERDUE_DAYS
from training.domain.people import head_counts
from training.domain.roster import Roster
from training.domain.session import Session, SessionState
from training.domain.training_counts import by_factory, participant_hours

MOST_GAPS = 40
"""Gaps in the attendance that a refusal names."""


def days_needed(days: int, min_attendance_percent: int) -> int:
    """The fewest days that are at least this share of all days."""
    return -(-days * min_attendance_percent // 100)


def complete(session: Session, roster: Roster, actor: str, now: datetime) -> None:
    """Settles it for everybody who has a place. Raises WrongState, NotOver or AttendanceMissing."""
    session.require(SessionState.SCHEDULED)
    if session.today(now) < session.last_day:
        raise NotOver(f"the last day, {session.last_day}, has not come yet")
    people = roster.enrolled
    if not people:
        raise WrongState("nobody has a place in this session; cancel it instead")
    _require_attendance(session, roster)
    needed = days_needed(len(session.plan.days), session.terms.min_attendance_percent)
    for person in people:
        person.days_present = sum(person.present_on(day) for day in session.plan.days)
        person.completed = person.days_present >= needed
        roster.touch(person)
    session.state = SessionState.COMPLETED
    session.completed_at = now
    session.completed = head_counts(person for person in people if person.completed)
    if session.completed and session.terms.outcome_months:
        session.outcomes_due_on = months_later(session.last_day, session.terms.outcome_months)
        session.outcomes_missing = sum(1 for person in people if person.completed)
    hours = session.terms.hours_per_day
    session.record(
        facts.SessionCompleted,
        actor,
        now,
        participant_hours=participant_hours(people, hours),
        factories=by_factory(people, hours),
    )


def _require_attendance(session: Session, roster: Roster) -> None:
    gaps = [
        (person.id, day.isoformat())
        for person in roster.enrolled
        for day in session.plan.days
        if day not in person.attendance
    ]
    if gaps:
        raise AttendanceMissing(f"attendance is not known {len(gaps)} times", gaps[:MOST_GAPS])


def outcomes_due_at(session: Session) -> datetime | None:
    """When it is said that outcomes are due, None where none are asked for."""
    due_on = session.outcomes_due_on
    return office_opens(due_on, session.plan.time_zone) if due_on else None


def outcomes_overdue_at(session: Session) -> datetime | None:
    """When it is said that outcomes are overdue."""
    due_on = session.outcomes_due_on
    return office_opens(due_on + timedelta(days=OVERDUE_DAYS), session.plan.time_zone) if due_on else None


def remind_of_outcomes(session: Session, now: datetime) -> None:
    """Says that outcomes are due, unless all are known."""
    if session.outcomes_due_on and session.outcomes_missing:
        session.recorded.append(facts.OutcomesDue(session.id, now, session.outcomes_due_on))


def escalate_outcomes(session: Session, now: datetime) -> None:
    """Says that outcomes are overdue, unless all are known."""
    if session.outcomes_due_on and session.outcomes_missing:
        session.recorded.append(facts.OutcomesOverdue(session.id, now, session.outcomes_due_on))
