"""Every step of the journeys as the fact that tells it, and by which rule who is told."""

from datetime import timedelta
from typing import Any

import neighbours as they
from google.protobuf.message import Message as Proto
from google.type.date_pb2 import Date
from stage import now

from amplify.assessment.v1 import advisory_visit_events_pb2 as visits
from amplify.assessment.v1 import committee_events_pb2 as committees
from amplify.assessment.v1 import improvement_plan_events_pb2 as plans
from amplify.assessment.v1 import progress_report_events_pb2 as reports
from amplify.finance_linkage.v1 import eligibility_events_pb2 as eligibility
from amplify.finance_linkage.v1 import eligibility_pb2, referral_states_pb2
from amplify.finance_linkage.v1 import referral_events_pb2 as referrals
from amplify.finance_linkage.v1 import referral_result_events_pb2 as results
from amplify.programme.v1 import consent_grant_pb2
from amplify.programme.v1 import programme_events_pb2 as programme
from amplify.training.v1 import outcome_events_pb2 as outcomes
from amplify.training.v1 import recommendation_events_pb2 as recommendations
from amplify.training.v1 import session_events_pb2 as sessions

BANK = "delta-bank"
TRAINER, TRAINING_OFFICER, FINANCE_OFFICER, BANKER, OTHER_MANAGER = (
    f"00000000-0000-4000-8000-0000000002{number:02}" for number in range(1, 6)
)
SUBJECT = "0b5f6f3e-0000-4000-8000-0000000000aa"
DAY = Date(year=2026, month=12, day=3)
STREAM_OF = {
    "ImprovementLine": "assessment-improvement-plans",
    "ImprovementProof": "assessment-improvement-plans",
    "ProgressReport": "assessment-progress-reports",
    "AdvisoryVisit": "assessment-advisory-visits",
    "Committee": "assessment-committees",
    "CourseRecommend": "training-recommendations",
    "Session": "training-sessions",
    "Certificate": "training-sessions",
    "Outcomes": "training-sessions",
    "Eligibility": "finance-linkage-eligibility",
    "Tier": "finance-linkage-eligibility",
    "Referral": "finance-linkage-referrals",
    "Evidence": "finance-linkage-referrals",
    "Information": "finance-linkage-referrals",
    "Consent": "programme-consents",
}
LINE: dict[str, Any] = {**they.HERE, "line_id": SUBJECT, "cluster": "osh", "point": "emergency-exits"}
REPORT: dict[str, Any] = {**they.HERE, "assessment_id": they.ASSESSMENT}
VISIT: dict[str, Any] = {**they.HERE, "advisory_visit_id": SUBJECT, "advisor": they.ADVISOR}
SESSION: dict[str, Any] = {
    "session_id": SUBJECT,
    "country": "BD",
    "course_id": "sst",
    "factory_ids": [they.FACTORY, "bd-1002"],
    "trainers": [TRAINER],
}
COURSE: dict[str, Any] = {**they.HERE, "recommendation_id": SUBJECT, "course_id": "sst"}
PRODUCT: dict[str, Any] = {**they.HERE, "product_id": "supplier-finance"}
REFERRAL: dict[str, Any] = {**PRODUCT, "referral_id": SUBJECT, "financier_id": BANK, "proposed_by": FINANCE_OFFICER}
CONSENT: dict[str, Any] = {
    **they.HERE,
    "grant_id": they.GRANT,
    "organisation_id": BANK,
    "scope": consent_grant_pb2.CONSENT_SCOPE_FINANCE,
}
MANAGERS = {they.MANAGER}
BOTH = {they.MANAGER, OTHER_MANAGER}
ELIGIBLE = eligibility_pb2.ELIGIBILITY_OUTCOME_ELIGIBLE
NOT_ELIGIBLE = eligibility_pb2.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE
INCOMPLETE = eligibility_pb2.ELIGIBILITY_OUTCOME_INCOMPLETE


CASES: list[tuple[Proto, dict[str, set[str]]]] = [
    (plans.ImprovementLineOpened(**LINE), {}),
    (plans.ImprovementLineProven(**LINE), {"improvement-proof-to-advisor": {they.ADVISOR}}),
    (plans.ImprovementProofRejected(**LINE), {"improvement-proof-rejected-to-factory": MANAGERS}),
    (plans.ImprovementLineVerified(**LINE), {"improvement-line-verified-to-factory": MANAGERS}),
    (
        plans.ImprovementLineReopened(**LINE),
        {"improvement-line-reopened-to-factory": MANAGERS, "improvement-line-reopened-to-advisor": {they.ADVISOR}},
    ),
    (
        plans.ImprovementLineOverdue(**LINE, due_day=DAY),
        {"improvement-line-overdue-to-factory": MANAGERS, "improvement-line-overdue-to-advisor": {they.ADVISOR}},
    ),
    (reports.ProgressReportOpened(**REPORT, due_day=DAY), {"progress-report-asked-to-factory": MANAGERS}),
    (
        reports.ProgressReportReminderDue(
            **REPORT, due_day=DAY, due_time=they.stamp(now() + timedelta(days=3)), days_left=3
        ),
        {"progress-report-reminder-to-factory": MANAGERS},
    ),
    (
        reports.ProgressReportOverdue(**REPORT, due_day=DAY),
        {
            "progress-report-overdue-to-factory": MANAGERS,
            "progress-report-overdue-to-advisor": {they.ADVISOR},
            "progress-report-overdue-to-country-manager": {they.COUNTRY_MANAGER},
        },
    ),
    (
        reports.ProgressReportSubmitted(**REPORT, submit_time=they.stamp(now())),
        {"progress-report-submitted-to-advisor": {they.ADVISOR}},
    ),
    (
        visits.AdvisoryVisitPlanned(**VISIT, planned_day=DAY),
        {"visit-planned-to-factory": MANAGERS, "visit-planned-to-advisor": {they.ADVISOR}},
    ),
    (
        visits.AdvisoryVisitRescheduled(**VISIT, planned_day=DAY, former_day=DAY),
        {"visit-rescheduled-to-factory": MANAGERS, "visit-rescheduled-to-advisor": {they.ADVISOR}},
    ),
    (visits.AdvisoryVisitLogged(**VISIT, visit_day=DAY), {"visit-logged-to-factory": MANAGERS}),
    (
        visits.AdvisoryVisitCancelled(**VISIT, planned_day=DAY),
        {"visit-cancelled-to-factory": MANAGERS, "visit-cancelled-to-advisor": {they.ADVISOR}},
    ),
    (
        committees.CommitteeMeetingLogged(**they.HERE, meeting_id=SUBJECT, meeting_day=DAY),
        {"committee-meeting-to-advisor": {they.ADVISOR}},
    ),
    (
        recommendations.CourseRecommended(**COURSE),
        {"course-recommended-to-factory": MANAGERS, "course-recommended-to-officers": {TRAINING_OFFICER}},
    ),
    (recommendations.CourseRecommendationMet(**COURSE), {"course-recommendation-met-to-factory": MANAGERS}),
    (
        sessions.SessionScheduled(**SESSION, days=[DAY]),
        {"session-scheduled-to-factories": BOTH, "session-scheduled-to-trainers": {TRAINER}},
    ),
    (
        sessions.SessionRescheduled(**SESSION, days=[DAY], former_days=[DAY]),
        {"session-rescheduled-to-factories": BOTH, "session-rescheduled-to-trainers": {TRAINER}},
    ),
    (
        sessions.SessionUpdated(**SESSION, changed=["place"]),
        {"session-updated-to-factories": BOTH, "session-updated-to-trainers": {TRAINER}},
    ),
    (
        sessions.SessionCancelled(**SESSION, first_day=DAY),
        {"session-cancelled-to-factories": BOTH, "session-cancelled-to-trainers": {TRAINER}},
    ),
    (outcomes.SessionCompleted(**SESSION, first_day=DAY, last_day=DAY), {"session-completed-to-factories": BOTH}),
    (outcomes.CertificatesIssued(**SESSION), {"certificates-issued-to-factories": BOTH}),
    (
        outcomes.OutcomesDue(**SESSION, due_day=DAY),
        {"outcomes-due-to-officers": {TRAINING_OFFICER}, "outcomes-due-to-factories": BOTH},
    ),
    (
        outcomes.OutcomesOverdue(**SESSION, due_day=DAY),
        {
            "outcomes-overdue-to-officers": {TRAINING_OFFICER},
            "outcomes-overdue-to-country-manager": {they.COUNTRY_MANAGER},
        },
    ),
    (
        eligibility.EligibilityDecided(**PRODUCT, outcome=ELIGIBLE),
        {"eligible-to-factory": MANAGERS, "eligible-to-officers": {FINANCE_OFFICER}},
    ),
    (eligibility.EligibilityDecided(**PRODUCT, outcome=NOT_ELIGIBLE), {}),
    (
        eligibility.EligibilityDecided(**PRODUCT, outcome=INCOMPLETE, previous_outcome=ELIGIBLE),
        {"no-longer-eligible-to-factory": MANAGERS, "no-longer-eligible-to-officers": {FINANCE_OFFICER}},
    ),
    (
        eligibility.TierChanged(**PRODUCT, from_tier="a", to_tier="b", downgrade=True),
        {"tier-downgraded-to-factory": MANAGERS, "tier-downgraded-to-officers": {FINANCE_OFFICER}},
    ),
    (eligibility.TierChanged(**PRODUCT, from_tier="b", to_tier="a"), {"tier-improved-to-factory": MANAGERS}),
    (referrals.ReferralProposed(**REFERRAL, due_day=DAY), {"referral-proposed-to-factory": MANAGERS}),
    (referrals.ReferralConsented(**REFERRAL, due_day=DAY), {"referral-consented-to-officer": {FINANCE_OFFICER}}),
    (referrals.EvidencePackFrozen(**REFERRAL), {"referral-pack-frozen-to-factory": MANAGERS}),
    (
        referrals.ReferralSent(**REFERRAL, due_day=DAY),
        {"referral-sent-to-financier": {BANKER}, "referral-sent-to-factory": MANAGERS},
    ),
    (
        referrals.ReferralAcknowledged(**REFERRAL),
        {"referral-acknowledged-to-officer": {FINANCE_OFFICER}, "referral-acknowledged-to-factory": MANAGERS},
    ),
    (
        referrals.InformationRequested(**REFERRAL, due_day=DAY),
        {"information-requested-to-officer": {FINANCE_OFFICER}, "information-requested-to-factory": MANAGERS},
    ),
    (referrals.InformationProvided(**REFERRAL, due_day=DAY), {"information-provided-to-financier": {BANKER}}),
    *(
        (fact(**REFERRAL), {f"{rule}-to-factory": MANAGERS, f"{rule}-to-officer": {FINANCE_OFFICER}})
        for fact, rule in (
            (results.ReferralApproved, "referral-approved"),
            (results.ReferralDeclined, "referral-declined"),
            (results.ReferralSigned, "referral-signed"),
            (results.ReferralDisbursed, "referral-disbursed"),
            (results.ReferralClosed, "referral-closed"),
        )
    ),
    (results.ReferralOutcomeRecorded(**REFERRAL), {"referral-outcome-to-officer": {FINANCE_OFFICER}}),
    (
        results.ReferralStopped(**REFERRAL, stopped_in=referral_states_pb2.REFERRAL_STATE_ACKNOWLEDGED),
        {
            "referral-stopped-to-factory": MANAGERS,
            "referral-stopped-to-officer": {FINANCE_OFFICER},
            "referral-stopped-to-financier": {BANKER},
        },
    ),
    (
        results.ReferralStopped(**REFERRAL, stopped_in=referral_states_pb2.REFERRAL_STATE_PACK_FROZEN),
        {"referral-stopped-to-factory": MANAGERS, "referral-stopped-to-officer": {FINANCE_OFFICER}},
    ),
    (
        results.ReferralStepOverdue(**REFERRAL, due_day=DAY, waiting_for=referral_states_pb2.WAITING_FOR_FINANCIER),
        {"referral-overdue-to-officer": {FINANCE_OFFICER}, "referral-overdue-to-financier": {BANKER}},
    ),
    (
        results.ReferralStepOverdue(**REFERRAL, due_day=DAY, waiting_for=referral_states_pb2.WAITING_FOR_FACTORY),
        {"referral-overdue-to-officer": {FINANCE_OFFICER}, "referral-overdue-to-factory": MANAGERS},
    ),
    (
        programme.ConsentRenewed(**CONSENT, start_time=they.stamp(now()), expire_time=they.stamp(now())),
        {"consent-renewed-to-factory": MANAGERS, "consent-renewed-to-organisation": {BANKER}},
    ),
]
