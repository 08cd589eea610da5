"""A report is out: the factory owes a progress report within the days that its country gives it."""

from dataclasses import dataclass

from assessment.domain.progress_report import open_progress_report as open_report
from assessment.domain.progress_report import progress_clock
from assessment.domain.release_clock import local_day
from assessment.read_models import country_programmes
from assessment.remediation.deadlines import set_progress_deadlines
from assessment.remediation.storage import progress_reports
from assessment.storage import assessments
from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound

CLOCK = "progress-report"
"""The kind of the country's clock."""


@dataclass(frozen=True)
class OpenProgressReport:
    """Asked for by the report of this assessment."""

    assessment_id: str


def open_progress_report(command: OpenProgressReport) -> None:
    """Changes nothing the second time. Raises NotFound, or UnknownCountryProgramme without a clock in force."""
    if progress_reports.count(EVERYTHING, {"_id": command.assessment_id}):
        return
    assessment = assessments.get(EVERYTHING, command.assessment_id)
    if assessment.report is None:
        raise NotFound("There is no such resource.")
    released_at = assessment.report.released_at
    released_on = local_day(released_at, assessment.time_zone)
    days = country_programmes.clock_days(assessment.country, CLOCK, released_on)
    due = progress_clock(released_at, assessment.time_zone, days)
    now = clock.now()
    report = open_report(assessment.id, assessment.factory_id, assessment.country, due, now)
    set_progress_deadlines(report, due, now)
    progress_reports.add(report)
