"""What stands between a message that is due and its sending: the wishes of its recipient, and a bouncing address."""

from dataclasses import dataclass
from datetime import datetime

from notifications.domain.message import Message, Reason
from notifications.domain.recipient import Recipient


@dataclass(frozen=True)
class Go:
    """Nothing; it may be sent now."""


@dataclass(frozen=True)
class Drop:
    """It shall not be sent at all."""

    reason: Reason


@dataclass(frozen=True)
class Wait:
    """It shall be sent at the end of the quiet hours."""

    until: datetime


@dataclass(frozen=True)
class Collect:
    """It shall be sent in the digest of that moment."""

    at: datetime


Verdict = Go | Drop | Wait | Collect


def judge(message: Message, recipient: Recipient, *, disturbs: bool, now: datetime) -> Verdict:
    """What shall become of a message that is due; `disturbs` says whether its channel rings at somebody.

    A message that would be stale by the time the recipient wishes it goes now: late is worse than at a bad hour.
    """
    wishes, zone = recipient.preferences, recipient.particulars.time_zone if recipient.particulars else "UTC"
    if not message.legal and wishes.muted(message.topic, message.channel):
        return Drop(Reason.MUTED)
    if recipient.suppressed(message.channel):
        return Drop(Reason.ADDRESS_SUPPRESSED)
    if message.urgent:
        return Go()
    digest = wishes.digest_of(message.channel)
    if digest is not None and not (message.legal or message.holds or message.begun):
        at = digest.next(now, zone)
        if at < message.not_after:
            return Collect(at)
    if disturbs and wishes.quiet_hours is not None:
        until = wishes.quiet_hours.until(now, zone)
        if until is not None and until < message.not_after:
            return Wait(until)
    return Go()
