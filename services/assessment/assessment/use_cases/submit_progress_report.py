"""The factory submits its progress report, in time or late; the state of its plan is frozen with it."""

from dataclasses import dataclass

from assessment.domain.progress_report import Content, LineSnapshot, ProgressReport
from assessment.remediation.deadlines import cancel_progress_deadlines
from assessment.remediation.storage import lines_of, progress_reports
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class SubmitProgressReport:
    """What the factory reports."""

    assessment_id: str
    content: Content
    etag: str = ""


def submit_progress_report(command: SubmitProgressReport, caller: Identity) -> ProgressReport:
    """Raises NotFound, Aborted or ProgressReportWrongState."""
    report = progress_reports.get(filter(caller, "progress_report"), command.assessment_id, etag=command.etag)
    lines = [
        LineSnapshot(line.id, line.cluster, line.point, line.state, line.proof.grade if line.proof else None)
        for line in lines_of(report.factory_id)
    ]
    report.submit(command.content, lines, caller.subject, clock.now())
    cancel_progress_deadlines(report.id)
    progress_reports.save(report)
    return report
