"""A rule meets a fact: people shall be told, each once."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from chassis.due_work import deadlines
from notifications import pages
from notifications.audiences import Addressee
from notifications.domain.message import Message, message_id
from notifications.domain.occasion import Occasion
from notifications.rules import Rule
from notifications.storage import messages

SEND_OF_ANY_CHANNEL = "send-message"
"""The kind that version 0.1.0 used for all channels; rows of then are still sent."""

ESCALATE = "escalate-message"
"""The kind of due work that tells others when nobody acknowledged; its key is `telling`."""


def send_kind(channel: str) -> str:
    """The kind of due work that sends messages by a channel; its key is the message's id.

    A kind for each channel, so that a provider that is slow delays nothing but its own messages.
    """
    return f"send-message-{channel}"


def telling(fact_id: str, rule: str) -> str:
    """What all messages to the audience of one rule about one fact have in common."""
    return f"{fact_id}/{rule}"


@dataclass(frozen=True)
class PlanMessages:
    """Tell `addressees` of `occasion` by each channel of `rule`."""

    occasion: Occasion
    rule: Rule
    addressees: Sequence[Addressee]


def plan_messages(command: PlanMessages) -> None:
    """Plan them and have them sent soon; a message that was planned before stays as it is."""
    wanted: dict[str, Message] = {}
    for addressee in command.addressees:
        for channel in command.rule.channels:
            message = _message(command.occasion, command.rule, addressee, channel)
            wanted.setdefault(message.id, message)
    query = {"$and": [EVERYTHING.query, {"_id": {"$in": list(wanted)}}]}
    planned = {row["_id"] for row in messages.collection.find(query, {"_id": 1})}
    new = [message for id, message in wanted.items() if id not in planned]
    for message in new:
        message.plan(clock.now())
    messages.add_many(new)
    for message in new:
        _set_deadlines(message)


def _set_deadlines(message: Message) -> None:
    if not message.settled:
        deadlines.set(send_kind(message.channel), message.id, message.planned_at)
    if message.acknowledge_by is not None:
        body = {"fact_id": message.fact_id, "rule": message.rule}
        deadlines.set(ESCALATE, telling(message.fact_id, message.rule), message.acknowledge_by, body)


def _message(occasion: Occasion, rule: Rule, addressee: Addressee, channel: str) -> Message:
    latest = occasion.happened_at + rule.not_after
    organisation = addressee.organisation_id or occasion.organisation_id
    now = clock.now()
    return Message(
        id=message_id(occasion.fact_id, rule.name, addressee.recipient, channel),
        fact_id=occasion.fact_id,
        event=occasion.event,
        rule=rule.name,
        audience=rule.tell,
        recipient=addressee.recipient,
        channel=channel,
        template=rule.template,
        parameters=_parameters(occasion, organisation),
        link=pages.link(rule.opens, occasion),
        country=occasion.country,
        factory_id=occasion.factory_id,
        planned_at=now,
        not_after=min(latest, occasion.of_use_until or latest),
        needs_grant_of=addressee.organisation_id,
        grant_scope=addressee.scope,
        grant_reference=addressee.reference,
        topic=rule.topic,
        legal=rule.legal,
        urgent=rule.urgent,
        acknowledge_by=now + rule.acknowledge_within if rule.acknowledge_within else None,
    )


def _parameters(occasion: Occasion, organisation: str) -> dict[str, str]:
    named = {"country": occasion.country, "factory_id": occasion.factory_id, "organisation_id": organisation}
    return {**occasion.parameters, **{name: value for name, value in named.items() if value}}
