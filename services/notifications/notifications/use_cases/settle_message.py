"""An attempt to send a message ended; what came of it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chassis import clock
from chassis.access import EVERYTHING
from chassis.due_work import deadlines
from notifications.domain.message import Content, Message, Reason, State
from notifications.storage import messages
from notifications.use_cases.bounce_address import BounceAddress, bounce_address, take_address
from notifications.use_cases.plan_messages import send_kind


@dataclass(frozen=True)
class RefusedForGood:
    """It will never be accepted; `status_code` is the provider's enhanced status code, if it gave one."""

    reason: str
    status_code: str = ""


@dataclass(frozen=True)
class NotEntitled:
    """The recipient may not have it any more."""

    reason: str


@dataclass(frozen=True)
class Later:
    """A passing trouble."""

    reason: str
    may_have_arrived: bool = False
    status_code: str = ""


Trouble = RefusedForGood | NotEntitled | Later


@dataclass(frozen=True)
class Delivered:
    """The channel's provider accepted this content.

    Of a digest, `carried` holds the words of each message that went with it, and `aside` what kept others out, by id.
    `recovered` says that the address had bounced before.
    """

    content: Content
    carried: Mapping[str, Content] = field(default_factory=dict)
    aside: Mapping[str, Trouble] = field(default_factory=dict)
    recovered: bool = False


@dataclass(frozen=True)
class NothingToSay:
    """Nothing of what a digest was to carry may go now; `aside` says of each why."""

    aside: Mapping[str, Trouble]


Outcome = Delivered | NothingToSay | Trouble


def settle_message(message_id: str, outcome: Outcome) -> datetime | None:
    """Record the outcome: the time of the next attempt if there shall be one. A settled message stays as it is."""
    message = messages.get(EVERYTHING, message_id)
    if message.state is not State.SENDING:
        return None
    now = clock.now()
    again = _settle(message, outcome, now)
    messages.save(message)
    for id in message.holds:
        _settle_carried(message, id, outcome, now)
    _note_address(message, outcome)
    return again


def _settle(message: Message, outcome: Outcome, now: datetime) -> datetime | None:
    match outcome:
        case Delivered(content):
            message.deliver(content, now)
        case RefusedForGood(reason):
            message.fail(reason, now)
        case NothingToSay():
            message.suppress(Reason.IN_DIGEST, now)
        case NotEntitled(reason):
            message.suppress(reason, now)
        case Later(reason, may_have_arrived):
            return message.put_off(reason, now, may_have_arrived=may_have_arrived)
    return None


def _settle_carried(digest: Message, id: str, outcome: Outcome, now: datetime) -> None:
    """What a digest carried shares its fate, but for those that were kept out of it."""
    one = messages.get(EVERYTHING, id)
    if one.settled or one.digest_id != digest.id:
        return
    if isinstance(outcome, Delivered) and id in outcome.carried:
        one.carry(outcome.carried[id], digest, now)
    elif isinstance(outcome, Delivered | NothingToSay):
        one.digest_id = ""
        again = _settle(one, outcome.aside[id], now)
        if again is not None:
            deadlines.set(send_kind(one.channel), id, again)
    elif digest.state is State.FAILED:
        one.fail(digest.reason, now)
    messages.save(one)


def _note_address(message: Message, outcome: Outcome) -> None:
    match outcome:
        case RefusedForGood(Reason.ADDRESS_REFUSED, status_code):
            bounce_address(BounceAddress(message.recipient, message.channel, status_code, permanent=True))
        case Later(Reason.ADDRESS_DEFERRED, _, status_code):
            bounce_address(BounceAddress(message.recipient, message.channel, status_code, permanent=False))
        case Delivered(recovered=True):
            take_address(message.recipient, message.channel)
