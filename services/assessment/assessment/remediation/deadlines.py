"""The deadlines of remediation: a line that is overdue, a progress report that is near or overdue."""

from datetime import datetime, timedelta

from assessment.domain.due_days import NEVER
from assessment.domain.improvement_line import ImprovementLine, LineState
from assessment.domain.progress_report import ProgressReport
from assessment.domain.release_clock import REMINDER_DAYS, ReleaseClock
from chassis.due_work import deadlines

LINE_OVERDUE = "improvement-line-overdue"
PROGRESS_REMINDER = "progress-report-reminder"
PROGRESS_OVERDUE = "progress-report-overdue"

_AFTER = timedelta(seconds=1)
"""From the last second in time to the first that is late."""


def set_line_deadline(line: ImprovementLine) -> None:
    """Have a planned line found overdue when its due day has passed; take that back for any other line."""
    if line.state is LineState.PLANNED and line.plan and line.due_at != NEVER:
        body = {"factory_id": line.factory_id, "line_id": line.id, "due_day": line.plan.due_day.isoformat()}
        deadlines.set(LINE_OVERDUE, line.id, line.due_at + _AFTER, body)
    else:
        deadlines.cancel(LINE_OVERDUE, line.id)


def set_progress_deadlines(report: ProgressReport, clock: ReleaseClock, now: datetime) -> None:
    """Set the reminders that are still ahead, and the day after the last."""
    for days_left in REMINDER_DAYS:
        at = clock.reminder_at(days_left)
        if at > now:
            body = {"assessment_id": report.id, "days_left": days_left}
            deadlines.set(PROGRESS_REMINDER, f"{report.id}/{days_left}", at, body)
    deadlines.set(PROGRESS_OVERDUE, report.id, report.due_at + _AFTER, {"assessment_id": report.id})


def cancel_progress_deadlines(assessment_id: str) -> None:
    """Take all of them back: it is submitted."""
    for days_left in REMINDER_DAYS:
        deadlines.cancel(PROGRESS_REMINDER, f"{assessment_id}/{days_left}")
    deadlines.cancel(PROGRESS_OVERDUE, assessment_id)
