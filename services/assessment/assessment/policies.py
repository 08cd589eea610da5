"""What this service does of its own accord when something becomes due."""

from assessment.use_cases.escalate_release import EscalateRelease, escalate_release
from assessment.use_cases.remind_of_release import RemindOfRelease, remind_of_release
from chassis.due_work import Due


def remind_when_release_is_near(due: Due) -> None:
    """Seven and two days before the due day."""
    remind_of_release(RemindOfRelease(due.body["assessment_id"], due.body["days_left"]))


def escalate_when_release_is_overdue(due: Due) -> None:
    """When the due day has passed."""
    escalate_release(EscalateRelease(due.body["assessment_id"]))
