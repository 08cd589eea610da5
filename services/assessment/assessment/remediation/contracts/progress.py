"""Facts about progress reports as the contract's messages."""

from typing import Any

from amplify.assessment.v1 import progress_report_events_pb2 as progress_events
from assessment.dates import contract_date, contract_time
from assessment.domain import remediation_facts as facts
from assessment.domain.fact import ProgressFact
from assessment.remediation.contracts.routing import to


def _progress(fact: ProgressFact) -> dict[str, Any]:
    return {
        "assessment_id": fact.assessment_id,
        "factory_id": fact.factory_id,
        "country": fact.country,
        "due_time": contract_time(fact.due_at),
    }


def _progress_opened(fact: facts.ProgressReportOpened, _: object) -> progress_events.ProgressReportOpened:
    return progress_events.ProgressReportOpened(
        **_progress(fact), due_day=contract_date(fact.due_day), open_time=contract_time(fact.at)
    )


def _progress_reminder(fact: facts.ProgressReportReminderDue, _: object) -> progress_events.ProgressReportReminderDue:
    return progress_events.ProgressReportReminderDue(
        **_progress(fact), due_day=contract_date(fact.due_day), days_left=fact.days_left
    )


def _progress_overdue(fact: facts.ProgressReportOverdue, _: object) -> progress_events.ProgressReportOverdue:
    return progress_events.ProgressReportOverdue(**_progress(fact), due_day=contract_date(fact.due_day))


def _progress_submitted(fact: facts.ProgressReportSubmitted, _: object) -> progress_events.ProgressReportSubmitted:
    return progress_events.ProgressReportSubmitted(
        **_progress(fact),
        late=fact.late,
        open_lines=fact.open_lines,
        proven_lines=fact.proven_lines,
        closed_lines=fact.closed_lines,
        submit_time=contract_time(fact.at),
    )


TABLE = to(
    "assessment-progress-reports",
    {
        facts.ProgressReportOpened: _progress_opened,
        facts.ProgressReportReminderDue: _progress_reminder,
        facts.ProgressReportOverdue: _progress_overdue,
        facts.ProgressReportSubmitted: _progress_submitted,
    },
)
