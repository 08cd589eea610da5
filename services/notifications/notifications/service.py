"""Notifications tells people what concerns them: the right person, once, in their language, while it is of use.

Rules as data turn a fact into messages to an audience; a message is planned in the same transaction that notes the
fact, and sent afterwards by leased work that retries until the news is stale. This service alone knows addresses and
languages. It never says what an assessment found, and never tells a buyer without the factory's live consent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.notifications.v1 import message_events_pb2 as events
from chassis.consumer import Consumer
from chassis.due_work import Fire, Handlers, Outside
from notifications import policies, queries
from notifications.channels import disturbs
from notifications.planning import PLAN_REST
from notifications.read_models import audience, directory
from notifications.sending import Sending
from notifications.use_cases.acknowledge_message import AcknowledgeMessage, acknowledge_message
from notifications.use_cases.bounce_address import BounceAddress, bounce_address
from notifications.use_cases.collect_message import CollectMessage, collect_message
from notifications.use_cases.escalate_message import EscalateMessage, escalate_message
from notifications.use_cases.lift_suppression import LiftSuppression, lift_suppression
from notifications.use_cases.mark_message_read import MarkMessageRead, mark_message_read
from notifications.use_cases.plan_messages import (
    ESCALATE,
    SEND_OF_ANY_CHANNEL,
    PlanMessages,
    plan_messages,
    send_kind,
)
from notifications.use_cases.put_recipient import PutRecipient, put_recipient
from notifications.use_cases.report_bounce import ReportBounce, report_bounce
from notifications.use_cases.update_preferences import UpdatePreferences, update_preferences

ACCEPTS: Mapping[type, Callable[..., Any]] = {
    PlanMessages: plan_messages,
    CollectMessage: collect_message,
    MarkMessageRead: mark_message_read,
    PutRecipient: put_recipient,
    AcknowledgeMessage: acknowledge_message,
    EscalateMessage: escalate_message,
    UpdatePreferences: update_preferences,
    ReportBounce: report_bounce,
    BounceAddress: bounce_address,
    LiftSuppression: lift_suppression,
}

REACTS = (
    directory.CONSUMER,
    Consumer(
        name="messages",
        streams=[
            "programme-factories",
            "programme-consents",
            "assessment-assessments",
            "assessment-improvement-plans",
            "assessment-progress-reports",
            "assessment-advisory-visits",
            "assessment-committees",
            "training-recommendations",
            "training-sessions",
            "finance-linkage-eligibility",
            "finance-linkage-referrals",
        ],
        projections=audience.PROJECTIONS,
        policies=policies.POLICIES,
    ),
)

ANNOUNCES = (
    events.MessageSent,
    events.MessageFailed,
    events.MessageAcknowledged,
    events.MessageEscalated,
    events.MessageBounced,
)

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "ListMessages": queries.inbox,
    "CountUnreadMessages": queries.count_inbox,
    "ListColleagues": queries.colleagues,
    "ListTopics": queries.topics_page,
    "ListDeliveries": queries.deliveries,
    "ListSuppressions": queries.suppressions,
}


Table = dict[str, Outside | Fire]


def due(sending: Sending) -> list[Handlers]:
    """The due work, in tables that are worked on each by itself, so that a slow provider delays its own messages only.

    One table holds whatever waits for nobody outside: the inbox, the rest of large audiences, escalations.
    """
    send = Outside(sending.attempt, sending.settle)
    inside: Table = {
        ESCALATE: policies.plan_messages_when_nobody_acknowledged,
        PLAN_REST: policies.plan_messages_when_an_audience_is_large,
        **{send_kind(channel): send for channel in sending.channels if not disturbs(channel)},
    }
    outside: list[Table] = [{send_kind(channel): send} for channel in sending.channels if disturbs(channel)]
    tables = [inside, *outside]
    tables[-1][SEND_OF_ANY_CHANNEL] = send
    return list(tables)
