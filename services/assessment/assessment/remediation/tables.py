"""What remediation accepts, reacts to, announces and answers: its part of the tables of `service.py`."""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.assessment.v1 import advisory_visit_events_pb2 as visit_events
from amplify.assessment.v1 import committee_events_pb2 as committee_events
from amplify.assessment.v1 import improvement_plan_events_pb2 as plan_events
from amplify.assessment.v1 import progress_report_events_pb2 as progress_events
from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from assessment import policies
from assessment.remediation import deadlines, queries, work
from assessment.use_cases.add_improvement_line import AddImprovementLine, add_improvement_line
from assessment.use_cases.cancel_advisory_visit import CancelAdvisoryVisit, cancel_advisory_visit
from assessment.use_cases.change_committee_members import ChangeCommitteeMembers, change_committee_members
from assessment.use_cases.form_committee import FormCommittee, form_committee
from assessment.use_cases.log_advisory_visit import LogAdvisoryVisit, log_advisory_visit
from assessment.use_cases.log_committee_meeting import LogCommitteeMeeting, log_committee_meeting
from assessment.use_cases.plan_advisory_visit import PlanAdvisoryVisit, plan_advisory_visit
from assessment.use_cases.plan_improvement_line import PlanImprovementLine, plan_improvement_line
from assessment.use_cases.prove_improvement_line import ProveImprovementLine, prove_improvement_line
from assessment.use_cases.record_committee_election import RecordCommitteeElection, record_committee_election
from assessment.use_cases.reject_improvement_proof import RejectImprovementProof, reject_improvement_proof
from assessment.use_cases.reschedule_advisory_visit import RescheduleAdvisoryVisit, reschedule_advisory_visit
from assessment.use_cases.submit_progress_report import SubmitProgressReport, submit_progress_report
from assessment.use_cases.verify_improvement_line import VerifyImprovementLine, verify_improvement_line
from chassis.consumer import Consumer
from chassis.due_work import Handlers
from chassis.identity import Identity

ACCEPTS: Mapping[type, Callable[[Any, Identity], Any]] = {
    AddImprovementLine: add_improvement_line,
    PlanImprovementLine: plan_improvement_line,
    ProveImprovementLine: prove_improvement_line,
    RejectImprovementProof: reject_improvement_proof,
    VerifyImprovementLine: verify_improvement_line,
    SubmitProgressReport: submit_progress_report,
    PlanAdvisoryVisit: plan_advisory_visit,
    RescheduleAdvisoryVisit: reschedule_advisory_visit,
    LogAdvisoryVisit: log_advisory_visit,
    CancelAdvisoryVisit: cancel_advisory_visit,
    FormCommittee: form_committee,
    RecordCommitteeElection: record_committee_election,
    ChangeCommitteeMembers: change_committee_members,
    LogCommitteeMeeting: log_committee_meeting,
}

REACTS = (
    Consumer(
        name="improvement-plans",
        streams=["assessment-assessments"],
        policies={ReportReleased: policies.take_up_findings_when_report_released},
    ),
    Consumer(
        name="progress-reports",
        streams=["assessment-assessments"],
        policies={ReportReleased: policies.open_progress_report_when_report_released},
    ),
)
"""Own facts: one reader for each aggregate that follows, so that trouble with one does not hold up the other."""

ANNOUNCES = (
    plan_events.ImprovementLineOpened,
    plan_events.ImprovementLinePlanned,
    plan_events.ImprovementLineProven,
    plan_events.ImprovementProofRejected,
    plan_events.ImprovementLineVerified,
    plan_events.ImprovementLineReopened,
    plan_events.ImprovementLineConfirmed,
    plan_events.ImprovementLineOverdue,
    progress_events.ProgressReportOpened,
    progress_events.ProgressReportReminderDue,
    progress_events.ProgressReportOverdue,
    progress_events.ProgressReportSubmitted,
    visit_events.AdvisoryVisitPlanned,
    visit_events.AdvisoryVisitRescheduled,
    visit_events.AdvisoryVisitLogged,
    visit_events.AdvisoryVisitCancelled,
    committee_events.CommitteeFormed,
    committee_events.CommitteeElectionHeld,
    committee_events.CommitteeMembersChanged,
    committee_events.CommitteeMeetingLogged,
)

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "GetImprovementPlan": queries.get_plan,
    "GetImprovementLine": queries.get_line,
    "ListImprovementLines": queries.list_lines,
    "CountRemediationWork": work.count_work,
    "GetProgressReport": queries.get_progress_report,
    "ListProgressReports": queries.list_progress_reports,
    "GetAdvisoryVisit": queries.get_visit,
    "ListAdvisoryVisits": queries.list_visits,
    "GetCommittee": queries.get_committee,
    "ListCommittees": queries.list_committees,
}

DUE: Handlers = {
    deadlines.LINE_OVERDUE: policies.escalate_when_improvement_line_is_overdue,
    deadlines.PROGRESS_REMINDER: policies.remind_when_progress_report_is_near,
    deadlines.PROGRESS_OVERDUE: policies.escalate_when_progress_report_is_overdue,
}
