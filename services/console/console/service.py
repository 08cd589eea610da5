"""The console is where people at a programme do their work: pages over the questions and commands of the services.

It decides nothing and keeps nothing but sessions. What a person may see or do is decided by the services; what a page
shows is fetched when it is asked for. A page is a folder of `pages/`, and this is the list of them.
"""

from console.page import Page
from console.pages.advisory_visit.view import PAGE as ADVISORY_VISIT
from console.pages.assessment.view import PAGE as ASSESSMENT
from console.pages.assessments.view import PAGE as ASSESSMENTS
from console.pages.capture.view import PAGE as CAPTURE
from console.pages.committee.view import PAGE as COMMITTEE
from console.pages.consent.view import PAGE as CONSENT
from console.pages.factories.view import PAGE as FACTORIES
from console.pages.factory.view import PAGE as FACTORY
from console.pages.home.view import PAGE as HOME
from console.pages.imports.view import PAGE as IMPORTS
from console.pages.improvement.view import PAGE as IMPROVEMENT
from console.pages.inbox.view import PAGE as INBOX
from console.pages.language.view import PAGE as LANGUAGE
from console.pages.line.view import PAGE as LINE
from console.pages.lines.view import PAGE as LINES
from console.pages.operations.view import PAGE as OPERATIONS
from console.pages.parked.view import PAGE as PARKED
from console.pages.plan.view import PAGE as PLAN
from console.pages.progress_report.view import PAGE as PROGRESS_REPORT
from console.pages.progress_reports.view import PAGE as PROGRESS_REPORTS
from console.pages.report.view import PAGE as REPORT
from console.pages.timeline.view import PAGE as TIMELINE
from console.pages.visits.view import PAGE as VISITS

PAGES: tuple[Page, ...] = (
    HOME,
    FACTORIES,
    FACTORY,
    IMPROVEMENT,
    LINE,
    COMMITTEE,
    TIMELINE,
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
    INBOX,
    OPERATIONS,
    PARKED,
    LANGUAGE,
)
