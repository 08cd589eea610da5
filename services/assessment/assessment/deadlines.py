"""The deadlines of the release clock: reminders before the due day, an escalation when it has passed."""

from datetime import datetime, timedelta

from assessment.domain.assessment import Assessment
from assessment.domain.release_clock import REMINDER_DAYS
from chassis.due_work import deadlines

REMINDER = "release-reminder"
OVERDUE = "release-overdue"


def set_release_deadlines(assessment: Assessment, now: datetime) -> None:
    """Set or move all of them, in the unit of work at hand.

    A reminder whose time has passed is not set again, nor an escalation that has been.
    """
    clock = assessment.clock
    for days_left in REMINDER_DAYS:
        at = clock.reminder_at(days_left)
        key = f"{assessment.id}/{days_left}"
        if at > now:
            deadlines.set(REMINDER, key, at, {"assessment_id": assessment.id, "days_left": days_left})
        else:
            deadlines.cancel(REMINDER, key)
    if assessment.escalated:
        deadlines.cancel(OVERDUE, assessment.id)
    else:
        overdue_at = clock.due_at + timedelta(seconds=1)
        deadlines.set(OVERDUE, assessment.id, overdue_at, {"assessment_id": assessment.id})


def cancel_release_deadlines(assessment_id: str) -> None:
    """Take all of them back: the report is out."""
    for days_left in REMINDER_DAYS:
        deadlines.cancel(REMINDER, f"{assessment_id}/{days_left}")
    deadlines.cancel(OVERDUE, assessment_id)
