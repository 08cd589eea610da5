"""Sends what is planned: leased due work that tries outside the transaction and records the outcome inside one.

An attempt is noted before anything leaves. So a process that dies between the provider's yes and its record makes
the next attempt a counted repeat, with the same Message-ID.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.access import EVERYTHING
from chassis.due_work import Again, Due
from chassis.errors import NotFound
from chassis.unit_of_work import unit_of_work
from notifications.channels import Channel, Envelope, Refused, TryLater
from notifications.consents import CannotTell, Consents
from notifications.domain.message import Message, Reason
from notifications.domain.recipient import Particulars
from notifications.read_models import directory
from notifications.rendering import CannotRender, Reader, render
from notifications.storage import recipients
from notifications.use_cases.begin_message import begin_message
from notifications.use_cases.settle_message import (
    Delivered,
    Later,
    NotEntitled,
    Outcome,
    RefusedForGood,
    settle_message,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sending:
    """The two halves of sending a message, as due work wants them."""

    channels: Mapping[str, Channel]
    consents: Consents
    public_url: str

    def attempt(self, due: Due) -> Outcome | None:
        """Try to send the message, outside any transaction; None if there is nothing to send any more."""
        message = unit_of_work(lambda: begin_message(due.key))
        if message is None:
            return None
        if message.repeats:
            log.warning("a message may arrive twice", extra={"message_id": message.id, "repeats": message.repeats})
        try:
            return self._send(message)
        except CannotTell:
            return Later(Reason.CONSENT_UNCONFIRMED)
        except Refused as refused:
            return RefusedForGood(refused.reason)
        except TryLater as later:
            return Later(later.reason, later.may_have_gone)

    def settle(self, due: Due, outcome: Outcome | None) -> Again | None:
        """Record the outcome, in a unit of work."""
        at = settle_message(due.key, outcome) if outcome is not None else None
        return Again(at) if at is not None else None

    def _send(self, message: Message) -> Outcome:
        if message.needs_grant_of and not self.consents.live(message.factory_id, message.needs_grant_of):
            return NotEntitled(Reason.CONSENT_WITHDRAWN)
        envelope = self._envelope(message, _particulars(message.recipient))
        self.channels[message.channel].send(envelope)
        return Delivered(envelope.content)

    def _envelope(self, message: Message, particulars: Particulars) -> Envelope:
        try:
            words = directory.put_into_words(message.parameters)
        except directory.NotKnownYet as unknown:
            raise TryLater(Reason.NAME_UNKNOWN) from unknown
        reader = Reader(particulars.name, particulars.language, particulars.time_zone)
        try:
            content = render(
                message.template, words, reader, link=message.link, console_url=self.public_url, reference=message.id
            )
        except CannotRender as error:
            log.exception(
                "a template cannot be rendered", extra={"message_id": message.id, "template": message.template}
            )
            raise Refused(Reason.CONTENT_UNUSABLE) from error
        return Envelope(message.id, particulars.name, particulars.email, content, message.planned_at)


def _particulars(recipient_id: str) -> Particulars:
    try:
        recipient = recipients.revive(recipients.read(EVERYTHING, recipient_id))
    except NotFound:
        raise TryLater(Reason.RECIPIENT_UNKNOWN) from None
    assert recipient.particulars is not None
    return recipient.particulars
