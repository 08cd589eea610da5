"""Notifications tells people what concerns them: the right person, once, in their language, while it is of use.

Rules as data turn a fact into messages to an audience; a message is planned in the same transaction that notes the
fact, and sent afterwards by leased work that retries until the news is stale. This service alone knows addresses and
languages. It never says what an assessment found, and never tells a buyer without the factory's live consent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.notifications.v1 import message_events_pb2 as events
from chassis.consumer import Consumer
from chassis.due_work import Handlers, Outside
from notifications import policies, queries
from notifications.read_models import audience, directory
from notifications.sending import Sending
from notifications.use_cases.mark_message_read import MarkMessageRead, mark_message_read
from notifications.use_cases.plan_message import SEND, PlanMessage, plan_message
from notifications.use_cases.put_recipient import PutRecipient, put_recipient

ACCEPTS: Mapping[type, Callable[..., None]] = {
    PlanMessage: plan_message,
    MarkMessageRead: mark_message_read,
    PutRecipient: put_recipient,
}

REACTS = (
    directory.CONSUMER,
    Consumer(
        name="messages",
        streams=["programme-factories", "programme-consents", "assessment-assessments"],
        projections=audience.PROJECTIONS,
        policies=policies.POLICIES,
    ),
)

ANNOUNCES = (events.MessageSent, events.MessageFailed)

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "ListMessages": queries.inbox,
    "CountUnreadMessages": queries.count_inbox,
    "ListColleagues": queries.colleagues,
}


def due(sending: Sending) -> Handlers:
    """The due work: messages that are planned go out."""
    return {SEND: Outside(sending.attempt, sending.settle)}
