"""The clock says that a progress report is due in some days."""

from dataclasses import dataclass

from assessment.remediation.storage import progress_reports
from chassis import clock
from chassis.access import EVERYTHING


@dataclass(frozen=True)
class RemindOfProgressReport:
    """So many days are left."""

    assessment_id: str
    days_left: int


def remind_of_progress_report(command: RemindOfProgressReport) -> None:
    """Says nothing once it is submitted."""
    report = progress_reports.get(EVERYTHING, command.assessment_id)
    report.remind(command.days_left, clock.now())
    progress_reports.save(report)
