"""Which facts of which service are steps of a factory's timeline, and what each of them shows."""

from collections.abc import Mapping
from datetime import UTC

from google.protobuf.message import Message as Proto

from amplify.assessment.v1 import advisory_visit_events_pb2 as visits
from amplify.assessment.v1 import assessment_events_pb2 as assessment
from amplify.assessment.v1 import assessment_pb2
from amplify.assessment.v1 import committee_events_pb2 as committees
from amplify.assessment.v1 import improvement_plan_events_pb2 as plans
from amplify.assessment.v1 import progress_report_events_pb2 as progress
from amplify.finance_linkage.v1 import eligibility_events_pb2 as eligibility
from amplify.finance_linkage.v1 import environment_events_pb2 as environment
from amplify.finance_linkage.v1 import referral_events_pb2 as referrals
from amplify.finance_linkage.v1 import referral_result_events_pb2 as results
from amplify.notifications.v1 import message_events_pb2 as notifications
from amplify.programme.v1 import programme_events_pb2 as events
from amplify.training.v1 import outcome_events_pb2 as outcomes
from amplify.training.v1 import recommendation_events_pb2 as recommendations
from amplify.training.v1 import session_events_pb2 as sessions
from chassis.consumer import Message
from programme.read_models.timeline_rows import Handler, add, add_for_each, details, session_step, step


def on_assessment_started(fact: assessment.AssessmentStarted, message: Message) -> None:
    """The visit is no secret any more: its plan's history appears, each step at the time at which it happened."""
    step(_ASSESSMENT, "questionnaire_id", "bank_version", "release_due_time")(fact, message)
    about = _ASSESSMENT.format(fact=fact)
    for number, planned in enumerate(fact.plan_history, start=1):
        kind = assessment_pb2.PlanChangeKind.Name(planned.kind).removeprefix("PLAN_CHANGE_KIND_")
        shown = {"kind": kind} | details(planned, ("first_day", "last_day"))
        time, row_id = planned.change_time.ToDatetime(UTC), f"{message.event_id}-{number}"
        add(fact.factory_id, row_id, planned, about, shown, message, at=time, actor=planned.actor)


def on_report_released(fact: assessment.ReportReleased, message: Message) -> None:
    """The report is out: its counts, never its findings."""
    counts = {"non_compliant": str(fact.overall.non_compliant), "assessed": str(fact.overall.assessed)}
    shown = counts | details(fact, ("bank_version", "release_due_time", "last_on_site_day"))
    add(fact.factory_id, message.event_id, fact, _ASSESSMENT.format(fact=fact), shown, message)


def on_session_completed(fact: outcomes.SessionCompleted, message: Message) -> None:
    """Each factory is shown what the session was to itself, and not what it was to others."""
    own = {part.factory_id: part for part in fact.factories}
    shown = details(fact, ("course_id", "first_day", "last_day", "outcomes_due_day"))

    def shown_to(factory_id: str) -> Mapping[str, str]:
        part = own.get(factory_id, outcomes.FactoryTraining())
        return shown | details(part, ("enrolled_count", "completed", "participant_hours"))

    concerned = sorted({fact.factory_id, *fact.factory_ids, *own} - {""})
    add_for_each(concerned, fact, f"sessions/{fact.session_id}", shown_to, message)


_FACTORY = "factories/{fact.factory_id}"
_GRANT = "consentGrants/{fact.grant_id}"
_ASSESSMENT = "assessments/{fact.assessment_id}"
_LINE = "factories/{fact.factory_id}/improvementPlan/lines/{fact.line_id}"
_PROGRESS = "assessments/{fact.assessment_id}/progressReport"
_VISIT = "advisoryVisits/{fact.advisory_visit_id}"
_COMMITTEE = "factories/{fact.factory_id}/committee"
_COURSE = "recommendations/{fact.recommendation_id}"
_REFERRAL = "referrals/{fact.referral_id}"
_MESSAGE = "messages/{fact.message_id}"

_POINT = ("cluster", "point")
_TERMS = ("organisation_id", "scope", "purpose", "reference")
_TOLD = ("rule", "channel", "audience", "cause_event", "cause_event_id")
_REFERRED = ("product_id", "financier_id")

PROGRAMME: Mapping[type[Proto], Handler] = {
    events.FactoryEnrolled: step(_FACTORY),
    events.FactoryUpdated: step(_FACTORY, "changed"),
    events.FactorySuspended: step(_FACTORY, "reason"),
    events.FactoryReinstated: step(_FACTORY),
    events.FactoryClosed: step(_FACTORY, "reason"),
    events.ConsentGranted: step(_GRANT, *_TERMS, "fields", "start_time", "expire_time"),
    events.ConsentRenewed: step(_GRANT, *_TERMS, "previous_expire_time", "expire_time"),
    events.ConsentExpired: step(_GRANT, *_TERMS),
    events.ConsentWithdrawn: step(_GRANT, *_TERMS),
}

ASSESSMENT: Mapping[type[Proto], Handler] = {
    assessment.AssessmentStarted: on_assessment_started,
    assessment.AssessmentSubmitted: step(_ASSESSMENT, "round", "questions_answered", "release_due_time"),
    assessment.AssessmentReturned: step(_ASSESSMENT, "reason"),
    assessment.ReportReleased: on_report_released,
    assessment.ReleaseReminderDue: step(_ASSESSMENT, "days_left", "due_day"),
    assessment.ReleaseOverdue: step(_ASSESSMENT, "due_day"),
    plans.ImprovementLineOpened: step(_LINE, *_POINT, "source", "assessment_id"),
    plans.ImprovementLinePlanned: step(_LINE, *_POINT, "due_day"),
    plans.ImprovementLineProven: step(_LINE, *_POINT, "grade", "prover"),
    plans.ImprovementProofRejected: step(_LINE, *_POINT, "grade", "reason", "prover", "verifier"),
    plans.ImprovementLineVerified: step(_LINE, *_POINT, "grade", "prover", "verifier"),
    plans.ImprovementLineReopened: step(_LINE, *_POINT, "assessment_id", "reopened_count"),
    plans.ImprovementLineConfirmed: step(_LINE, *_POINT, "assessment_id"),
    plans.ImprovementLineOverdue: step(_LINE, *_POINT, "due_day"),
    progress.ProgressReportOpened: step(_PROGRESS, "due_day"),
    progress.ProgressReportReminderDue: step(_PROGRESS, "days_left", "due_day"),
    progress.ProgressReportOverdue: step(_PROGRESS, "due_day"),
    progress.ProgressReportSubmitted: step(_PROGRESS, "late", "open_lines", "proven_lines", "closed_lines"),
    visits.AdvisoryVisitPlanned: step(_VISIT, "advisor", "planned_day", "mode", "topics"),
    visits.AdvisoryVisitRescheduled: step(_VISIT, "advisor", "former_day", "planned_day", "mode"),
    visits.AdvisoryVisitLogged: step(_VISIT, "advisor", "visit_day", "mode", "topics", "line_ids", "people_met"),
    visits.AdvisoryVisitCancelled: step(_VISIT, "advisor", "planned_day", "reason"),
    committees.CommitteeFormed: step(_COMMITTEE, "formed_day", "members"),
    committees.CommitteeElectionHeld: step(
        _COMMITTEE, "election_day", "freely_elected", "eligible_voters", "votes", "elected_women", "elected_men"
    ),
    committees.CommitteeMembersChanged: step(_COMMITTEE, "members"),
    committees.CommitteeMeetingLogged: step(_COMMITTEE, "meeting_day", "attendance", "topics"),
}

TRAINING: Mapping[type[Proto], Handler] = {
    sessions.SessionScheduled: session_step("days", counts=("capacity",)),
    sessions.SessionRescheduled: session_step("former_days", "days"),
    sessions.SessionUpdated: session_step("changed"),
    sessions.SessionCancelled: session_step("reason", "first_day", counts=("enrolled",)),
    sessions.EnrolmentsChanged: session_step(counts=("enrolled", "waiting_count", "capacity")),
    sessions.AttendanceRecorded: session_step("day", "late", counts=("present", "absent_count", "missing_count")),
    outcomes.SessionCompleted: on_session_completed,
    outcomes.CertificatesIssued: session_step(counts=("issued",)),
    outcomes.CertificateRevoked: session_step(),
    outcomes.OutcomesRecorded: session_step("kind", counts=("known", "improved", "missing_count")),
    outcomes.OutcomesDue: session_step("due_day", counts=("missing_count",)),
    outcomes.OutcomesOverdue: session_step("due_day", counts=("missing_count",)),
    recommendations.CourseRecommended: step(_COURSE, "course_id", "assessment_id", "points"),
    recommendations.CourseRecommendationMet: step(_COURSE, "course_id", "session_id", "completed_count", "points"),
    recommendations.CourseRecommendationDismissed: step(_COURSE, "course_id", "reason"),
}

FINANCE: Mapping[type[Proto], Handler] = {
    eligibility.EligibilityDecided: step(
        _FACTORY, "product_id", "outcome", "previous_outcome", "tier", "missing", "rule_version", "receipt_digest"
    ),
    eligibility.TierChanged: step(_FACTORY, "product_id", "from_tier", "to_tier", "downgrade", "receipt_digest"),
    environment.EnvironmentalRecordSubmitted: step(_FACTORY, "year", "revision", "verification"),
    referrals.ReferralProposed: step(_REFERRAL, *_REFERRED, "amount", "due_day"),
    referrals.ReferralConsented: step(_REFERRAL, *_REFERRED, "grant_id", "expire_time", "due_day"),
    referrals.EvidencePackFrozen: step(_REFERRAL, *_REFERRED, "pack_digest", "parts", "due_day"),
    referrals.ReferralSent: step(_REFERRAL, *_REFERRED, "grant_id", "due_day"),
    referrals.ReferralAcknowledged: step(_REFERRAL, *_REFERRED, "due_day"),
    referrals.InformationRequested: step(_REFERRAL, *_REFERRED, "kinds", "round", "due_day"),
    referrals.InformationProvided: step(_REFERRAL, *_REFERRED, "round", "due_day"),
    results.ReferralApproved: step(_REFERRAL, *_REFERRED, "approved_amount", "due_day"),
    results.ReferralDeclined: step(_REFERRAL, *_REFERRED, "reason"),
    results.ReferralSigned: step(_REFERRAL, *_REFERRED, "signed_on", "due_day"),
    results.ReferralDisbursed: step(_REFERRAL, *_REFERRED, "amount", "disbursed_total", "paid_on", "due_day"),
    results.ReferralOutcomeRecorded: step(
        _REFERRAL, *_REFERRED, "issues_closed", "yearly_savings", "jobs", "jobs_held_by_women", "due_day"
    ),
    results.ReferralClosed: step(_REFERRAL, *_REFERRED),
    results.ReferralStopped: step(_REFERRAL, *_REFERRED, "reason", "stopped_in"),
    results.ReferralStepOverdue: step(_REFERRAL, *_REFERRED, "state", "waiting_for", "due_day"),
}

NOTIFICATIONS: Mapping[type[Proto], Handler] = {
    notifications.MessageSent: step(_MESSAGE, *_TOLD),
    notifications.MessageFailed: step(_MESSAGE, *_TOLD, "reason", "attempts"),
    notifications.MessageAcknowledged: step(_MESSAGE, *_TOLD),
    notifications.MessageEscalated: step(_MESSAGE, *_TOLD, "escalation_rule", "escalation_audience"),
    notifications.MessageBounced: step(_MESSAGE, *_TOLD, "permanent", "status_code"),
}

PROJECTIONS: Mapping[type[Proto], Handler] = {**PROGRAMME, **ASSESSMENT, **TRAINING, **FINANCE, **NOTIFICATIONS}

KINDS = frozenset({*(kind.DESCRIPTOR.full_name for kind in PROJECTIONS), assessment.PlanStep.DESCRIPTOR.full_name})
"""Full names of everything that a row may be."""
