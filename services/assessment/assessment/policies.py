"""What this service does of its own accord: when something becomes due, and when a report is out."""

from datetime import date

from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from assessment.domain.errors import UnknownCountryProgramme
from assessment.use_cases.escalate_improvement_line import EscalateImprovementLine, escalate_improvement_line
from assessment.use_cases.escalate_progress_report import EscalateProgressReport, escalate_progress_report
from assessment.use_cases.escalate_release import EscalateRelease, escalate_release
from assessment.use_cases.open_progress_report import OpenProgressReport, open_progress_report
from assessment.use_cases.remind_of_progress_report import RemindOfProgressReport, remind_of_progress_report
from assessment.use_cases.remind_of_release import RemindOfRelease, remind_of_release
from assessment.use_cases.take_up_report import TakeUpReport, take_up_report
from chassis.consumer import Message
from chassis.due_work import Due
from chassis.outcomes import NotYet


def remind_when_release_is_near(due: Due) -> None:
    """Seven and two days before the due day."""
    remind_of_release(RemindOfRelease(due.body["assessment_id"], due.body["days_left"]))


def escalate_when_release_is_overdue(due: Due) -> None:
    """When the due day has passed."""
    escalate_release(EscalateRelease(due.body["assessment_id"]))


def take_up_findings_when_report_released(fact: ReportReleased, _: Message) -> None:
    """The factory's improvement plan follows its report."""
    take_up_report(TakeUpReport(fact.assessment_id))


def open_progress_report_when_report_released(fact: ReportReleased, _: Message) -> None:
    """The factory owes a progress report. Raises NotYet while the country's clock is not known here."""
    try:
        open_progress_report(OpenProgressReport(fact.assessment_id))
    except UnknownCountryProgramme as error:
        raise NotYet(str(error)) from error


def escalate_when_improvement_line_is_overdue(due: Due) -> None:
    """When the due day of a line has passed."""
    due_day = date.fromisoformat(due.body["due_day"])
    escalate_improvement_line(EscalateImprovementLine(due.body["factory_id"], due.body["line_id"], due_day))


def remind_when_progress_report_is_near(due: Due) -> None:
    """Seven and two days before the due day."""
    remind_of_progress_report(RemindOfProgressReport(due.body["assessment_id"], due.body["days_left"]))


def escalate_when_progress_report_is_overdue(due: Due) -> None:
    """When the due day has passed."""
    escalate_progress_report(EscalateProgressReport(due.body["assessment_id"]))
