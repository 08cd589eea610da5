"""What assessment says of repairs: plans, progress reports, advisory visits and committees.

Lines of a plan name compliance points, which tell what was found, so no point goes into an occasion.
"""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.assessment.v1.advisory_visit_events_pb2 import (
    AdvisoryVisitCancelled,
    AdvisoryVisitLogged,
    AdvisoryVisitPlanned,
    AdvisoryVisitRescheduled,
)
from amplify.assessment.v1.committee_events_pb2 import CommitteeMeetingLogged
from amplify.assessment.v1.improvement_plan_events_pb2 import (
    ImprovementLineOverdue,
    ImprovementLineProven,
    ImprovementLineReopened,
    ImprovementLineVerified,
    ImprovementProofRejected,
)
from amplify.assessment.v1.progress_report_events_pb2 import (
    ProgressReportOpened,
    ProgressReportOverdue,
    ProgressReportReminderDue,
    ProgressReportSubmitted,
)
from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.moments import moment
from notifications.occasions.common import Words, occasion


def _reminded(fact: ProgressReportReminderDue, message: Message) -> Occasion:
    """Once the report is due, the reminder is of no use any more."""
    return _report(fact, message, {"due_day": fact.due_day}, of_use_until=moment(fact.due_time))


def _report(fact: Any, message: Message, words: Words, **more: Any) -> Occasion:
    return occasion(fact, message, words, assessment_id=fact.assessment_id, **more)


def _visit(fact: Any, message: Message, words: Words) -> Occasion:
    people = (fact.advisor,) if fact.advisor else ()
    return occasion(fact, message, words, subject_id=fact.advisory_visit_id, people=people)


OCCASIONS: Mapping[type[Proto], Callable[[Any, Message], Occasion]] = {
    ImprovementLineProven: occasion,
    ImprovementProofRejected: occasion,
    ImprovementLineVerified: occasion,
    ImprovementLineReopened: occasion,
    ImprovementLineOverdue: lambda fact, message: occasion(fact, message, {"due_day": fact.due_day}),
    ProgressReportOpened: lambda fact, message: _report(fact, message, {"due_day": fact.due_day}),
    ProgressReportReminderDue: _reminded,
    ProgressReportOverdue: lambda fact, message: _report(fact, message, {"due_day": fact.due_day}),
    ProgressReportSubmitted: lambda fact, message: _report(fact, message, {"submitted_at": fact.submit_time}),
    AdvisoryVisitPlanned: lambda fact, message: _visit(fact, message, {"day": fact.planned_day}),
    AdvisoryVisitRescheduled: lambda fact, message: _visit(
        fact, message, {"day": fact.planned_day, "former_day": fact.former_day}
    ),
    AdvisoryVisitLogged: lambda fact, message: _visit(fact, message, {"day": fact.visit_day}),
    AdvisoryVisitCancelled: lambda fact, message: _visit(fact, message, {"day": fact.planned_day}),
    CommitteeMeetingLogged: lambda fact, message: occasion(fact, message, {"day": fact.meeting_day}),
}
