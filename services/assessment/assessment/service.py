"""Assessment decides what a visit found and when its report is out.

It keeps the questionnaire bank, plans unannounced visits that only their team knows of, takes the answers of several
advisors at once, computes compliance and releases the report inside the country's deadline. What follows is
remediation: improvement plans that a report opens, reopens and confirms, progress reports, advisory visits, committees.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.assessment.v1 import assessment_events_pb2 as events
from assessment import deadlines, policies, queries
from assessment.partners import lines as shared_lines
from assessment.partners import reading
from assessment.partners.watching import Watch
from assessment.read_models import country_programmes, factories, partner_feed
from assessment.remediation import tables as remediation
from assessment.use_cases.acknowledge_retraction import AcknowledgeRetraction, acknowledge_retraction
from assessment.use_cases.cancel_assessment import CancelAssessment, cancel_assessment
from assessment.use_cases.plan_assessment import PlanAssessment, plan_assessment
from assessment.use_cases.record_answers import RecordAnswers, record_answers
from assessment.use_cases.release_assessment import ReleaseAssessment, release_assessment
from assessment.use_cases.reschedule_assessment import RescheduleAssessment, reschedule_assessment
from assessment.use_cases.return_assessment import ReturnAssessment, return_assessment
from assessment.use_cases.start_assessment import StartAssessment, start_assessment
from assessment.use_cases.submit_assessment import SubmitAssessment, submit_assessment
from chassis.due_work import Handlers
from chassis.identity import Identity

ACCEPTS: Mapping[type, Callable[[Any, Identity], Any]] = {
    PlanAssessment: plan_assessment,
    RescheduleAssessment: reschedule_assessment,
    CancelAssessment: cancel_assessment,
    StartAssessment: start_assessment,
    RecordAnswers: record_answers,
    SubmitAssessment: submit_assessment,
    ReturnAssessment: return_assessment,
    ReleaseAssessment: release_assessment,
    **remediation.ACCEPTS,
    AcknowledgeRetraction: acknowledge_retraction,
}
"""Command -> use case."""

REACTS = (factories.CONSUMER, country_programmes.CONSUMER, partner_feed.CONSUMER, *remediation.REACTS)
"""Foreign facts: which factories there are, and the clocks of each country."""

ANNOUNCES = (
    events.AssessmentStarted,
    events.AssessmentSubmitted,
    events.AssessmentReturned,
    events.ReportReleased,
    events.ReleaseReminderDue,
    events.ReleaseOverdue,
    *remediation.ANNOUNCES,
)
"""Own facts that leave this service; a plan before its start does not."""

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "GetAssessment": queries.get_assessment,
    "ListAssessments": queries.list_assessments,
    "ListAnswers": queries.list_answers,
    "GetReport": queries.get_report,
    "GetQuestionnaire": queries.get_questionnaire,
    "ListQuestionnaires": queries.list_questionnaires,
    **remediation.ANSWERS,
    "ListReleasedReports": reading.list_reports,
    "GetReleasedReport": reading.get_report,
    "ListSharedImprovementLines": shared_lines.list_lines,
    "GetSharedImprovementLine": shared_lines.get_line,
    "WatchChanges": Watch.run,
}
"""Question -> query."""

DUE: Handlers = {
    deadlines.REMINDER: policies.remind_when_release_is_near,
    deadlines.OVERDUE: policies.escalate_when_release_is_overdue,
    **remediation.DUE,
}
"""Deadline -> policy."""


def accept(command: object, caller: Identity) -> Any:
    """Run the use case of a command on behalf of its caller, in the unit of work at hand."""
    return ACCEPTS[type(command)](command, caller)
