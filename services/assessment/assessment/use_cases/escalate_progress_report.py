"""The clock says that the day on which a progress report was due has passed."""

from dataclasses import dataclass

from assessment.remediation.storage import progress_reports
from chassis import clock
from chassis.access import EVERYTHING


@dataclass(frozen=True)
class EscalateProgressReport:
    """The progress report of this assessment is overdue."""

    assessment_id: str


def escalate_progress_report(command: EscalateProgressReport) -> None:
    """Says nothing once it is submitted."""
    report = progress_reports.get(EVERYTHING, command.assessment_id)
    report.say_overdue(clock.now())
    progress_reports.save(report)
