"""What training says: recommended courses, sessions, certificates and outcomes; never a participant."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.training.v1.outcome_events_pb2 import (
    CertificatesIssued,
    OutcomesDue,
    OutcomesOverdue,
    SessionCompleted,
)
from amplify.training.v1.recommendation_events_pb2 import CourseRecommendationMet, CourseRecommended
from amplify.training.v1.session_events_pb2 import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionUpdated,
)
from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.occasions.common import Words, occasion


def _course(fact: Any, message: Message) -> Occasion:
    return occasion(fact, message, {"course_id": fact.course_id}, subject_id=fact.course_id)


def _session(fact: Any, message: Message, words: Words | None = None) -> Occasion:
    """All factories with a part in the session hear of it, and those who hold it."""
    return occasion(
        fact,
        message,
        {"course_id": fact.course_id, **(words or {})},
        subject_id=fact.session_id,
        factories=tuple(fact.factory_ids),
        people=tuple(fact.trainers),
    )


OCCASIONS: Mapping[type[Proto], Callable[[Any, Message], Occasion]] = {
    CourseRecommended: _course,
    CourseRecommendationMet: _course,
    SessionScheduled: lambda fact, message: _session(fact, message, {"day": fact.days[0]}),
    SessionRescheduled: lambda fact, message: _session(
        fact, message, {"day": fact.days[0], "former_day": fact.former_days[0]}
    ),
    SessionUpdated: _session,
    SessionCancelled: lambda fact, message: _session(fact, message, {"day": fact.first_day}),
    SessionCompleted: lambda fact, message: _session(fact, message, {"day": fact.last_day}),
    CertificatesIssued: _session,
    OutcomesDue: lambda fact, message: _session(fact, message, {"due_day": fact.due_day}),
    OutcomesOverdue: lambda fact, message: _session(fact, message, {"due_day": fact.due_day}),
}
