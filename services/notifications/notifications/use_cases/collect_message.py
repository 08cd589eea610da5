"""A message goes into the digest of its recipient, which is itself a message, planned when the first one goes in.

The digest lists what it carries, so that a digest that begins and a message that comes in at the same moment write
the same document and take turns: no message is in two digests or in none, whatever dies.
"""

from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import EVERYTHING
from chassis.due_work import deadlines
from chassis.errors import NotFound
from notifications.domain.message import Message, Reason, message_id
from notifications.storage import messages
from notifications.use_cases.plan_messages import send_kind

RULE = "digest"
"""The name under which digests are kept; no rule of the table has it, because no fact causes one."""


@dataclass(frozen=True)
class CollectMessage:
    """A message, loaded in this unit of work, and the moment of the digest it shall go in."""

    message: Message
    at: datetime


def collect_message(command: CollectMessage) -> bool:
    """Put it into that digest; the caller saves it. False if the digest may have left already: it goes by itself."""
    message, at = command.message, command.at
    fact_id = f"digest/{at.isoformat()}"
    id = message_id(fact_id, RULE, message.recipient, message.channel)
    try:
        digest = messages.get(EVERYTHING, id)
    except NotFound:
        digest = _digest(id, fact_id, message)
        digest.plan(clock.now())
        digest.hold(message)
        messages.add(digest)
        deadlines.set(send_kind(message.channel), id, at)
    else:
        if digest.begun:
            return False
        digest.hold(message)
        messages.save(digest)
    message.defer(Reason.IN_DIGEST, at, id)
    return True


def _digest(id: str, fact_id: str, first: Message) -> Message:
    return Message(
        id=id,
        fact_id=fact_id,
        event="",
        rule=RULE,
        audience="",
        recipient=first.recipient,
        channel=first.channel,
        template=RULE,
        parameters={},
        link="/inbox",
        country=first.country,
        factory_id="",
        planned_at=clock.now(),
        not_after=first.not_after,
    )
