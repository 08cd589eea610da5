"""Between the contracts and the domain: the facts this service publishes, and the messages and recipients it shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from amplify.notifications.v1 import (
    delivery_pb2,
    message_events_pb2,
    message_pb2,
    recipient_pb2,
    recipient_service_pb2,
)
from chassis.facts import PRIVATE, Depends, Routes, public
from notifications.domain import facts
from notifications.domain.message import UNSETTLED, Message
from notifications.domain.recipient import Particulars, Recipient, countries_of

STREAM = "notifications-messages"
RecipientProto = recipient_pb2.Recipient


def message_sent(fact: facts.MessageSent, message: Message) -> message_events_pb2.MessageSent:
    """A delivery, without words, address or recipient."""
    return message_events_pb2.MessageSent(
        **_told(message), attempt=fact.attempt, send_time=timestamp(fact.sent_at), digest_id=fact.digest_id
    )


def message_failed(fact: facts.MessageFailed, message: Message) -> message_events_pb2.MessageFailed:
    """A failure, without words, address or recipient."""
    return message_events_pb2.MessageFailed(
        **_told(message),
        reason=message_pb2.FailureReason.Value(f"FAILURE_REASON_{fact.reason}"),
        attempts=fact.attempts,
        fail_time=timestamp(fact.failed_at),
    )


def message_acknowledged(fact: facts.MessageAcknowledged, message: Message) -> message_events_pb2.MessageAcknowledged:
    """An acknowledgement, without who gave it."""
    return message_events_pb2.MessageAcknowledged(**_told(message), acknowledge_time=timestamp(fact.acknowledged_at))


def message_escalated(fact: facts.MessageEscalated, message: Message) -> message_events_pb2.MessageEscalated:
    """An escalation: the rule and the audience that is told."""
    return message_events_pb2.MessageEscalated(
        **_told(message),
        escalation_rule=fact.rule,
        escalation_audience=fact.audience,
        acknowledge_due_time=timestamp(message.acknowledge_by),
        escalate_time=timestamp(fact.escalated_at),
    )


def message_bounced(fact: facts.MessageBounced, message: Message) -> message_events_pb2.MessageBounced:
    """A report of non-delivery, without the address."""
    return message_events_pb2.MessageBounced(
        **_told(message),
        permanent=fact.permanent,
        status_code=fact.status_code,
        bounce_time=timestamp(fact.bounced_at),
    )


def _country(_fact: object, message: Message) -> Mapping[str, str]:
    return {"country": message.country}


SENT = public(STREAM, message_sent, extensions=_country)
FAILED = public(STREAM, message_failed, extensions=_country)
BOUNCED = public(STREAM, message_bounced, extensions=_country)
ROUTES = Routes(
    facts,
    {
        # A digest is told by the messages it carries, of which each has a cause and a country of its own.
        facts.MessageSent: Depends(lambda _, message: PRIVATE if message.holds else SENT, (SENT, PRIVATE)),
        facts.MessageFailed: Depends(lambda _, message: PRIVATE if message.holds else FAILED, (FAILED, PRIVATE)),
        facts.MessageBounced: Depends(lambda _, message: PRIVATE if message.holds else BOUNCED, (BOUNCED, PRIVATE)),
        facts.MessageAcknowledged: public(STREAM, message_acknowledged, extensions=_country),
        facts.MessageEscalated: public(STREAM, message_escalated, extensions=_country),
        facts.MessagePlanned: PRIVATE,
        facts.MessageDeferred: PRIVATE,
        facts.MessageSuppressed: PRIVATE,
        facts.MessageRead: PRIVATE,
        facts.RecipientPut: PRIVATE,
        facts.PreferencesUpdated: PRIVATE,
        facts.AddressBounced: PRIVATE,
        facts.SuppressionLifted: PRIVATE,
    },
)


def inbox_message(message: Message, etag: str) -> message_pb2.Message:
    """A delivered message as its recipient sees it."""
    content = message.content
    return message_pb2.Message(
        name=f"messages/{message.id}",
        recipient=f"recipients/{message.recipient}",
        rule=message.rule,
        template=message.template,
        channel=channel(message.channel),
        state=_state(message),
        language=content.language if content else "",
        subject=content.subject if content else "",
        text=content.text if content else "",
        link=message.link,
        event=message.event,
        event_id=message.fact_id,
        factory=f"factories/{message.factory_id}" if message.factory_id else "",
        country=message.country,
        plan_time=timestamp(message.planned_at),
        send_time=timestamp(message.settled_at),
        read_time=timestamp(message.read_at),
        etag=etag,
        topic=message.topic,
        acknowledge_due_time=timestamp(message.acknowledge_by),
        acknowledge_time=timestamp(message.acknowledged_at),
    )


def delivery(message: Message, display_name: str) -> delivery_pb2.Delivery:
    """What became of a message, for staff."""
    return delivery_pb2.Delivery(
        message=f"messages/{message.id}",
        recipient=f"recipients/{message.recipient}" if message.recipient else "",
        display_name=display_name,
        rule=message.rule,
        channel=channel(message.channel),
        state=_state(message),
        reason=message_pb2.FailureReason.Value(f"FAILURE_REASON_{message.reason or 'UNSPECIFIED'}"),
        factory=f"factories/{message.factory_id}" if message.factory_id else "",
        country=message.country,
        attempts=message.attempts,
        repeats=message.repeats,
        plan_time=timestamp(message.planned_at),
        settle_time=timestamp(message.settled_at),
        bounce_time=timestamp(message.bounced_at),
        bounce_status_code=message.bounce_code,
    )


def suppression(person: Recipient, etag: str) -> delivery_pb2.Suppression:
    """What is known of a recipient's bouncing address; never the address."""
    bounces, known = person.bounces, person.particulars
    reason = bounces.suppressed or "UNSPECIFIED"
    return delivery_pb2.Suppression(
        name=f"recipients/{person.id}/suppression",
        display_name=known.name if known else "",
        countries=countries_of(known) if known else [],
        channel=channel(bounces.channel) if bounces.channel else message_pb2.CHANNEL_UNSPECIFIED,
        reason=delivery_pb2.SuppressionReason.Value(f"SUPPRESSION_REASON_{reason}"),
        status_code=bounces.status_code,
        soft_bounces=bounces.soft,
        bounce_time=timestamp(bounces.last_at),
        suppress_time=timestamp(bounces.suppressed_at),
        etag=etag,
    )


def channel(name: str) -> "message_pb2.Channel.ValueType":
    """The contract's name of a channel. Raises ValueError for one that the contract does not know."""
    return message_pb2.Channel.Value(f"CHANNEL_{name.upper()}")


def recipient(id: str, particulars: Particulars, etag: str) -> recipient_pb2.Recipient:
    """A recipient as it is shown."""
    return recipient_pb2.Recipient(
        name=f"recipients/{id}",
        display_name=particulars.name,
        email=particulars.email,
        language=particulars.language,
        time_zone=particulars.time_zone,
        roles=particulars.roles,
        countries=particulars.countries,
        organisations=[f"organisations/{id}" for id in particulars.organisations],
        factories=[f"factories/{id}" for id in particulars.factories],
        etag=etag,
    )


def colleague(person: Recipient) -> recipient_service_pb2.Colleague:
    """What colleagues may know of a recipient."""
    return recipient_service_pb2.Colleague(
        recipient=f"recipients/{person.id}", display_name=person.particulars.name if person.particulars else ""
    )


def particulars(shown: recipient_pb2.Recipient) -> Particulars:
    """The particulars in a recipient that came in."""
    return Particulars(
        name=shown.display_name,
        email=shown.email,
        language=shown.language,
        time_zone=shown.time_zone,
        roles=list(shown.roles),
        countries=list(shown.countries),
        organisations=[name.removeprefix("organisations/") for name in shown.organisations],
        factories=[name.removeprefix("factories/") for name in shown.factories],
    )


def timestamp(time: datetime | None) -> Timestamp | None:
    """A time of the contract, unset for none."""
    if time is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


def _state(message: Message) -> "message_pb2.MessageState.ValueType":
    """The state as the contract tells it: an attempt under way is still a plan."""
    state = "PLANNED" if message.state in UNSETTLED else message.state.value
    return message_pb2.MessageState.Value(f"MESSAGE_STATE_{state}")


def _told(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "rule": message.rule,
        "template": message.template,
        "channel": channel(message.channel),
        "audience": message.audience,
        "cause_event": message.event,
        "cause_event_id": message.fact_id,
        "factory_id": message.factory_id,
        "country": message.country,
    }
