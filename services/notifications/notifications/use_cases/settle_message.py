"""An attempt to send a message ended; what came of it is recorded."""

from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import EVERYTHING
from notifications.domain.message import Content, State
from notifications.storage import messages


@dataclass(frozen=True)
class Delivered:
    """The channel's provider accepted this content."""

    content: Content


@dataclass(frozen=True)
class RefusedForGood:
    """It will never be accepted."""

    reason: str


@dataclass(frozen=True)
class NotEntitled:
    """The recipient may not have it any more."""

    reason: str


@dataclass(frozen=True)
class Later:
    """A passing trouble."""

    reason: str
    may_have_arrived: bool = False


Outcome = Delivered | RefusedForGood | NotEntitled | Later


def settle_message(message_id: str, outcome: Outcome) -> datetime | None:
    """Record the outcome: the time of the next attempt if there shall be one. A settled message stays as it is."""
    message = messages.get(EVERYTHING, message_id)
    if message.state is not State.SENDING:
        return None
    now, again = clock.now(), None
    match outcome:
        case Delivered(content):
            message.deliver(content, now)
        case RefusedForGood(reason):
            message.fail(reason, now)
        case NotEntitled(reason):
            message.suppress(reason, now)
        case Later(reason, may_have_arrived):
            again = message.put_off(reason, now, may_have_arrived=may_have_arrived)
    messages.save(message)
    return again
