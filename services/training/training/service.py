"""Training knows which courses there are, who took which, and what came of it.

It keeps the catalogue, schedules sessions for factories and for the whole industry, keeps who takes part (names never
leave it), computes who completed a session, issues certificates that anybody can verify, asks for outcomes months
later, and recommends courses from what reports found.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.training.v1 import course_events_pb2, outcome_events_pb2, recommendation_events_pb2, session_events_pb2
from chassis.due_work import Handlers
from chassis.identity import Identity
from training import deadlines, policies, queries
from training.read_models import country_programmes, factories
from training.use_cases.cancel_session import CancelSession, cancel_session
from training.use_cases.complete_session import CompleteSession, complete_session
from training.use_cases.dismiss_recommendation import DismissRecommendation, dismiss_recommendation
from training.use_cases.enrol_participants import EnrolParticipants, enrol_participants
from training.use_cases.issue_certificates import IssueCertificates, issue_certificates
from training.use_cases.record_attendance import RecordAttendance, record_attendance
from training.use_cases.record_outcomes import RecordOutcomes, record_outcomes
from training.use_cases.record_test_scores import RecordTestScores, record_test_scores
from training.use_cases.reschedule_session import RescheduleSession, reschedule_session
from training.use_cases.revoke_certificate import RevokeCertificate, revoke_certificate
from training.use_cases.schedule_session import ScheduleSession, schedule_session
from training.use_cases.update_session import UpdateSession, update_session
from training.use_cases.withdraw_participant import WithdrawParticipant, withdraw_participant

ACCEPTS: Mapping[type, Callable[[Any, Identity], Any]] = {
    ScheduleSession: schedule_session,
    RescheduleSession: reschedule_session,
    UpdateSession: update_session,
    CancelSession: cancel_session,
    EnrolParticipants: enrol_participants,
    WithdrawParticipant: withdraw_participant,
    RecordAttendance: record_attendance,
    RecordTestScores: record_test_scores,
    CompleteSession: complete_session,
    IssueCertificates: issue_certificates,
    RevokeCertificate: revoke_certificate,
    RecordOutcomes: record_outcomes,
    DismissRecommendation: dismiss_recommendation,
}
"""Command -> use case."""

REACTS = (factories.CONSUMER, country_programmes.CONSUMER, policies.CONSUMER)
"""Foreign facts: which factories there are, what time it is there, and released reports; and own completed sessions."""

ANNOUNCES = (
    course_events_pb2.CourseRevised,
    session_events_pb2.SessionScheduled,
    session_events_pb2.SessionRescheduled,
    session_events_pb2.SessionUpdated,
    session_events_pb2.SessionCancelled,
    session_events_pb2.EnrolmentsChanged,
    session_events_pb2.AttendanceRecorded,
    outcome_events_pb2.SessionCompleted,
    outcome_events_pb2.CertificatesIssued,
    outcome_events_pb2.CertificateRevoked,
    outcome_events_pb2.OutcomesRecorded,
    outcome_events_pb2.OutcomesDue,
    outcome_events_pb2.OutcomesOverdue,
    recommendation_events_pb2.CourseRecommended,
    recommendation_events_pb2.CourseRecommendationMet,
    recommendation_events_pb2.CourseRecommendationDismissed,
)
"""Own facts that leave this service: counts by sex and role, never a name."""

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "GetCourse": queries.get_course,
    "ListCourses": queries.list_courses,
    "GetSession": queries.get_session,
    "ListSessions": queries.list_sessions,
    "CountWork": queries.count_work,
    "ListTrainingSummaries": queries.list_training_summaries,
    "GetParticipant": queries.get_participant,
    "ListParticipants": queries.list_participants,
    "GetCertificate": queries.get_certificate,
    "ListCertificates": queries.list_certificates,
    "VerifyCertificate": queries.verify_certificate,
    "GetRecommendation": queries.get_recommendation,
    "ListRecommendations": queries.list_recommendations,
}
"""Question -> query."""

DUE: Handlers = {
    deadlines.DUE: policies.remind_when_outcomes_are_due,
    deadlines.OVERDUE: policies.escalate_when_outcomes_are_overdue,
}
"""Deadline -> policy."""


def accept(command: object, caller: Identity) -> Any:
    """Run the use case of a command on behalf of its caller, in the unit of work at hand."""
    return ACCEPTS[type(command)](command, caller)
