"""Sends what is planned: leased due work that tries outside the transaction and records the outcome inside one.

An attempt is noted before anything leaves. So a process that dies between the provider's yes and its record makes
the next attempt a counted repeat, with the same Message-ID.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from chassis import metrics
from chassis.due_work import Again, Due
from chassis.unit_of_work import unit_of_work
from notifications.channels import Channel, Envelope, Refused, TryLater
from notifications.composing import compose, compose_digest
from notifications.consents import CannotTell, Consents
from notifications.domain.message import Content, Message, Reason
from notifications.domain.recipient import Particulars
from notifications.use_cases.begin_message import Begun, Dropped, Waiting, begin_message
from notifications.use_cases.settle_message import (
    Delivered,
    Later,
    NotEntitled,
    NothingToSay,
    Outcome,
    RefusedForGood,
    Trouble,
    settle_message,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sending:
    """The two halves of sending a message, as due work wants them."""

    channels: Mapping[str, Channel]
    consents: Consents
    public_url: str

    def attempt(self, due: Due) -> Outcome | Waiting | None:
        """Try to send the message, outside any transaction; None if there is nothing to send any more."""
        match unit_of_work(lambda: begin_message(due.key)):
            case Begun() as begun:
                outcome = self._try(begun)
                metrics.MESSAGE_ATTEMPTS.labels(begun.message.channel, _name(outcome)).inc()
                return outcome
            case Waiting() as waiting:
                metrics.MESSAGES_HELD_BACK.labels(waiting.channel, waiting.reason.lower()).inc()
                return waiting
            case Dropped(channel, reason):
                metrics.MESSAGES_HELD_BACK.labels(channel, reason.lower()).inc()
        return None

    def settle(self, due: Due, outcome: Outcome | Waiting | None) -> Again | None:
        """Record the outcome, in a unit of work."""
        match outcome:
            case None:
                return None
            case Waiting(until):
                return Again(until)
        at = settle_message(due.key, outcome)
        return Again(at) if at is not None else None

    def _try(self, begun: Begun) -> Outcome:
        message = begun.message
        if message.repeats:
            metrics.MESSAGE_REPEATS.labels(message.channel).inc()
            log.warning("a message may arrive twice", extra={"message_id": message.id, "repeats": message.repeats})
        if begun.recipient is None or begun.recipient.particulars is None:
            return Later(Reason.RECIPIENT_UNKNOWN)
        recovered = begun.recipient.bounces.soft > 0
        if message.holds:
            return self._send_digest(message, begun.carried, begun.recipient.particulars, recovered)
        words = self._words(message, begun.recipient.particulars)
        if not isinstance(words, Content):
            return words
        return self._hand_over(message, words, begun.recipient.particulars) or Delivered(words, recovered=recovered)

    def _send_digest(
        self, digest: Message, carried: tuple[Message, ...], reader: Particulars, recovered: bool
    ) -> Outcome:
        """One letter with whatever may go now; what may not is put aside and goes its own way."""
        said: dict[str, Content] = {}
        going: list[Message] = []
        aside: dict[str, Trouble] = {}
        for one in carried:
            words = self._words(one, reader)
            if isinstance(words, Content):
                said[one.id] = words
                going.append(one)
            else:
                aside[one.id] = words
        if not going:
            return NothingToSay(aside)
        letter = compose_digest(digest, going, reader, self.public_url)
        return self._hand_over(digest, letter, reader) or Delivered(letter, said, aside, recovered)

    def _words(self, message: Message, reader: Particulars) -> Content | Trouble:
        """What the message says to this reader now, if they may have it."""
        try:
            if message.needs_grant_of and not self._entitled(message):
                return NotEntitled(Reason.CONSENT_WITHDRAWN)
            return compose(message, reader, self.public_url)
        except CannotTell:
            return Later(Reason.CONSENT_UNCONFIRMED)
        except Refused as refused:
            return RefusedForGood(refused.reason)
        except TryLater as later:
            return Later(later.reason)

    def _entitled(self, message: Message) -> bool:
        return self.consents.live(
            message.factory_id, message.needs_grant_of, message.grant_scope, message.grant_reference
        )

    def _hand_over(self, message: Message, content: Content, reader: Particulars) -> Trouble | None:
        envelope = Envelope(message.id, reader.name, reader.email, content, message.planned_at)
        try:
            self.channels[message.channel].send(envelope)
        except Refused as refused:
            return RefusedForGood(refused.reason, refused.status_code)
        except TryLater as later:
            return Later(later.reason, later.may_have_gone, later.status_code)
        return None


def _name(outcome: Outcome) -> str:
    match outcome:
        case Delivered():
            return "sent"
        case NothingToSay():
            return "nothing_to_say"
    return outcome.reason.lower()
