"""The console is where people at a programme do their work: pages over the questions and commands of the services.

It decides nothing and keeps nothing but sessions. What a person may see or do is decided by the services; what a page
shows is fetched when it is asked for. A page is a folder of `pages/`, and this is the list of them.
"""

from console.page import Page
from console.pages.advisory_visit.view import PAGE as ADVISORY_VISIT
from console.pages.assessment.view import PAGE as ASSESSMENT
from console.pages.assessments.view import PAGE as ASSESSMENTS
from console.pages.attendance.view import PAGE as ATTENDANCE
from console.pages.capture.view import PAGE as CAPTURE
from console.pages.certificates.view import PAGE as CERTIFICATES
from console.pages.committee.view import PAGE as COMMITTEE
from console.pages.consent.view import PAGE as CONSENT
from console.pages.consents.view import PAGE as CONSENTS
from console.pages.courses.view import PAGE as COURSES
from console.pages.deliveries.view import PAGE as DELIVERIES
from console.pages.eligibility.view import PAGE as ELIGIBILITY
from console.pages.environment.view import PAGE as ENVIRONMENT
from console.pages.factories.view import PAGE as FACTORIES
from console.pages.factory.view import PAGE as FACTORY
from console.pages.factory_finance.view import PAGE as FACTORY_FINANCE
from console.pages.finance_profile.view import PAGE as FINANCE_PROFILE
from console.pages.holds.view import PAGE as HOLDS
from console.pages.home.view import PAGE as HOME
from console.pages.imports.view import PAGE as IMPORTS
from console.pages.improvement.view import PAGE as IMPROVEMENT
from console.pages.inbox.view import PAGE as INBOX
from console.pages.language.view import PAGE as LANGUAGE
from console.pages.line.view import PAGE as LINE
from console.pages.lines.view import PAGE as LINES
from console.pages.operations.view import PAGE as OPERATIONS
from console.pages.outcomes.view import PAGE as OUTCOMES
from console.pages.parked.view import PAGE as PARKED
from console.pages.plan.view import PAGE as PLAN
from console.pages.preferences.view import PAGE as PREFERENCES
from console.pages.products.view import PAGE as PRODUCTS
from console.pages.progress_report.view import PAGE as PROGRESS_REPORT
from console.pages.progress_reports.view import PAGE as PROGRESS_REPORTS
from console.pages.receipt.view import PAGE as RECEIPT
from console.pages.recommendations.view import PAGE as RECOMMENDATIONS
from console.pages.referral.view import PAGE as REFERRAL
from console.pages.referrals.view import PAGE as REFERRALS
from console.pages.report.view import PAGE as REPORT
from console.pages.roster.view import PAGE as ROSTER
from console.pages.scores.view import PAGE as SCORES
from console.pages.session.view import PAGE as SESSION
from console.pages.sessions.view import PAGE as SESSIONS
from console.pages.suppressions.view import PAGE as SUPPRESSIONS
from console.pages.timeline.view import PAGE as TIMELINE
from console.pages.training_factory.view import PAGE as TRAINING_FACTORY
from console.pages.training_summary.view import PAGE as TRAINING_SUMMARY
from console.pages.visits.view import PAGE as VISITS

PAGES: tuple[Page, ...] = (
    HOME,
    FACTORIES,
    FACTORY,
    IMPROVEMENT,
    LINE,
    COMMITTEE,
    TIMELINE,
    CONSENTS,
    HOLDS,
    CONSENT,
    IMPORTS,
    PLAN,
    ASSESSMENTS,
    ASSESSMENT,
    CAPTURE,
    REPORT,
    LINES,
    PROGRESS_REPORTS,
    PROGRESS_REPORT,
    VISITS,
    ADVISORY_VISIT,
    TRAINING_FACTORY,
    FACTORY_FINANCE,
    ENVIRONMENT,
    FINANCE_PROFILE,
    SESSIONS,
    SESSION,
    ROSTER,
    ATTENDANCE,
    SCORES,
    OUTCOMES,
    RECOMMENDATIONS,
    COURSES,
    TRAINING_SUMMARY,
    CERTIFICATES,
    REFERRALS,
    REFERRAL,
    ELIGIBILITY,
    RECEIPT,
    PRODUCTS,
    INBOX,
    PREFERENCES,
    DELIVERIES,
    SUPPRESSIONS,
    OPERATIONS,
    PARKED,
    LANGUAGE,
)
