"""What assessment says of visits and reports: who is on the team and until when, and nothing that was found."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.assessment.v1.assessment_events_pb2 import (
    AssessmentReturned,
    AssessmentStarted,
    AssessmentSubmitted,
    ReleaseOverdue,
    ReleaseReminderDue,
    ReportReleased,
)
from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.moments import moment
from notifications.occasions.common import Words, occasion
from notifications.read_models.audience import Release


def release(factory_id: str, country: str, told: Release) -> Occasion:
    """The occasion of a release, the same whether its own fact or a consent brings it up."""
    return Occasion(
        event=ReportReleased.DESCRIPTOR.full_name,
        fact_id=told.event_id,
        happened_at=told.at,
        country=country,
        factory_id=factory_id,
        assessment_id=told.assessment_id,
        parameters={"released_at": told.at.isoformat()},
    )


def _released(fact: ReportReleased, message: Message) -> Occasion:
    """Not one of the fact's figures goes into a message."""
    told = Release(message.event_id, fact.assessment_id, moment(fact.release_time))
    return release(fact.factory_id, fact.country, told)


def _reminded(fact: ReleaseReminderDue, message: Message) -> Occasion:
    """Once the report is due, the reminder is of no use any more."""
    return _team(fact, message, {"due_at": fact.release_due_time}, of_use_until=moment(fact.release_due_time))


def _team(fact: Any, message: Message, words: Words, **more: Any) -> Occasion:
    return occasion(
        fact,
        message,
        words,
        assessment_id=fact.assessment_id,
        team_leader=getattr(fact, "team_leader", ""),
        advisors=tuple(getattr(fact, "advisors", ())),
        **more,
    )


OCCASIONS: Mapping[type[Proto], Callable[[Any, Message], Occasion]] = {
    AssessmentStarted: lambda fact, message: occasion(
        fact, message, {"started_at": fact.start_time}, assessment_id=fact.assessment_id
    ),
    AssessmentSubmitted: lambda fact, message: _team(fact, message, {"submitted_at": fact.submit_time}),
    AssessmentReturned: lambda fact, message: _team(fact, message, {"returned_at": fact.return_time}),
    ReportReleased: _released,
    ReleaseReminderDue: _reminded,
    ReleaseOverdue: lambda fact, message: _team(fact, message, {"due_at": fact.release_due_time}),
}
