"""What the release clock makes an assessment say while its report is not out."""

from datetime import datetime

from assessment.domain import facts
from assessment.domain.assessment import Assessment
from assessment.domain.states import State

UNRELEASED = (State.IN_PROGRESS, State.SUBMITTED)


def remind_of_release(assessment: Assessment, days_left: int, now: datetime) -> None:
    """So many days are left until the report is due."""
    if assessment.state in UNRELEASED:
        assessment.record(
            facts.ReleaseReminderDue,
            None,
            now,
            team_leader=assessment.team.leader,
            days_left=days_left,
            due_day=assessment.clock.due_day,
            release_due_at=assessment.clock.due_at,
        )


def escalate_release(assessment: Assessment, now: datetime) -> None:
    """The day the report was due has passed; said once."""
    if assessment.state in UNRELEASED and not assessment.escalated:
        assessment.overdue_since = assessment.clock.due_day
        assessment.record(
            facts.ReleaseOverdue,
            None,
            now,
            team_leader=assessment.team.leader,
            due_day=assessment.clock.due_day,
            release_due_at=assessment.clock.due_at,
        )
