"""An attempt to send a message begins, unless its recipient wishes it later, together with others or not at all.

The attempt is noted before anything leaves, so that a lost answer can be told from none.
"""

from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound
from notifications import channels
from notifications.domain.gate import Collect, Drop, Go, Wait, judge
from notifications.domain.message import Message, Reason
from notifications.domain.recipient import Recipient
from notifications.storage import messages, recipients
from notifications.use_cases.collect_message import CollectMessage, collect_message


@dataclass(frozen=True)
class Begun:
    """A message to send now; `recipient` is None if nothing is known of them. A digest comes with what it carries."""

    message: Message
    recipient: Recipient | None
    carried: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A message that is sent later because its recipient wishes so."""

    until: datetime
    channel: str
    reason: str


@dataclass(frozen=True)
class Dropped:
    """A message that is not sent: too late, muted, a suppressed address."""

    channel: str
    reason: str


Beginning = Begun | Waiting | Dropped | None


def begin_message(message_id: str) -> Beginning:
    """What to do with the message now; None if it is settled already or a digest carries it."""
    try:
        message = messages.get(EVERYTHING, message_id)
    except NotFound:
        return None
    if message.settled or message.digest_id:
        return None
    now, recipient = clock.now(), _recipient(message.recipient)
    carried = tuple(_carried(message, recipient, now))
    if now >= message.not_after or (message.holds and not carried):
        message.expire(now)
        beginning: Beginning = Dropped(message.channel, message.reason)
    else:
        beginning = _begin(message, recipient, carried, now)
    messages.save(message)
    return beginning


def _begin(message: Message, recipient: Recipient | None, carried: tuple[Message, ...], now: datetime) -> Beginning:
    disturbs = channels.disturbs(message.channel)
    match judge(message, recipient, disturbs=disturbs, now=now) if recipient else Go():
        case Drop(reason):
            for one in (*carried, message):
                one.suppress(reason, now)
            _save(carried)
            return Dropped(message.channel, reason)
        case Wait(until):
            message.defer(Reason.QUIET_HOURS, until)
            return Waiting(until, message.channel, Reason.QUIET_HOURS)
        case Collect(at) if collect_message(CollectMessage(message, at)):
            return Dropped(message.channel, Reason.IN_DIGEST)
    message.begin()
    return Begun(message, recipient, carried)


def _recipient(id: str) -> Recipient | None:
    try:
        return recipients.revive(recipients.read(EVERYTHING, id))
    except NotFound:
        return None


def _carried(digest: Message, recipient: Recipient | None, now: datetime) -> list[Message]:
    """What a digest still carries; what became stale or unwanted meanwhile is settled."""
    held = [messages.get(EVERYTHING, id) for id in digest.holds]
    waiting = [one for one in held if not one.settled and one.digest_id == digest.id]
    for one in waiting:
        if now >= one.not_after:
            one.expire(now)
        elif recipient is not None and not one.legal and recipient.preferences.muted(one.topic, one.channel):
            one.suppress(Reason.MUTED, now)
    _save(waiting)
    return [one for one in waiting if not one.settled]


def _save(changed: tuple[Message, ...] | list[Message]) -> None:
    for one in changed:
        messages.save(one)
