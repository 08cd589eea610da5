"""The release clock says that a report is due in some days."""

from dataclasses import dataclass

from assessment.domain import reminders
from assessment.storage import assessments
from chassis import clock
from chassis.access import EVERYTHING


@dataclass(frozen=True)
class RemindOfRelease:
    """So many days are left."""

    assessment_id: str
    days_left: int


def remind_of_release(command: RemindOfRelease) -> None:
    """Says nothing once the report is out."""
    assessment = assessments.get(EVERYTHING, command.assessment_id)
    reminders.remind_of_release(assessment, command.days_left, clock.now())
    assessments.save(assessment)
