"""The release clock says that the day on which a report was due has passed."""

from dataclasses import dataclass

from assessment.domain import reminders
from assessment.storage import assessments
from chassis import clock
from chassis.access import EVERYTHING


@dataclass(frozen=True)
class EscalateRelease:
    """The report of this assessment is overdue."""

    assessment_id: str


def escalate_release(command: EscalateRelease) -> None:
    """Says nothing once the report is out, nor a second time."""
    assessment = assessments.get(EVERYTHING, command.assessment_id)
    reminders.escalate_release(assessment, clock.now())
    assessments.save(assessment)
