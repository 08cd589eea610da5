"""A message: one fact, told to one person by one channel, from the plan to the proof of delivery."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from notifications.domain.back_off import wait_after
from notifications.domain.errors import AcknowledgementNotAsked, MessageNotDelivered, MessageSettled
from notifications.domain.facts import (
    MessageAcknowledged,
    MessageBounced,
    MessageDeferred,
    MessageEscalated,
    MessageFailed,
    MessagePlanned,
    MessageRead,
    MessageSent,
    MessageSuppressed,
)

NAMESPACE = uuid.UUID("6f0a2f5e-6a0f-5d0b-9b1e-0f6f1d8f4c11")


class State(StrEnum):
    """Where a message stands. SENDING says that an attempt began; if it is found so, nobody knows how that ended."""

    PLANNED = "PLANNED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"


UNSETTLED = frozenset({State.PLANNED, State.SENDING})


class Reason(StrEnum):
    """Why a message was put off, failed or was suppressed; shown to staff and carried by facts."""

    NO_RECIPIENT = "NO_RECIPIENT"
    RECIPIENT_UNKNOWN = "RECIPIENT_UNKNOWN"
    NAME_UNKNOWN = "NAME_UNKNOWN"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    PROVIDER_REFUSED_SENDER = "PROVIDER_REFUSED_SENDER"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    CONTENT_REFUSED = "CONTENT_REFUSED"
    CONTENT_UNUSABLE = "CONTENT_UNUSABLE"
    CONSENT_UNCONFIRMED = "CONSENT_UNCONFIRMED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    TOO_LATE = "TOO_LATE"
    ADDRESS_SUPPRESSED = "ADDRESS_SUPPRESSED"
    ADDRESS_DEFERRED = "ADDRESS_DEFERRED"
    MUTED = "MUTED"
    QUIET_HOURS = "QUIET_HOURS"
    IN_DIGEST = "IN_DIGEST"


WISHES = frozenset({Reason.QUIET_HOURS, Reason.IN_DIGEST})
"""Reasons to wait that the recipient gave; they are no trouble."""


def message_id(fact_id: str, rule: str, recipient: str, channel: str) -> str:
    """The one id a message can have: planning the same thing twice meets itself."""
    return str(uuid.uuid5(NAMESPACE, "\n".join((fact_id, rule, recipient, channel))))


@dataclass(frozen=True)
class Content:
    """What the recipient reads: language (BCP 47 primary tag), subject (one line), plain text, HTML page, link."""

    language: str
    subject: str
    text: str
    html: str
    link: str


@dataclass
class Message:
    """One message.

    `recipient` is an opaque person id, empty if the rule found nobody to tell. `parameters` are what the template
    says: ids and codes that are put into words when it is rendered, and ISO 8601 times; never a finding.
    `needs_grant_of` names the organisation whose consent grant must be live at the time of sending, if any must;
    `grant_scope` is what the grant must open, `grant_reference` the one thing it may be for.
    `topic` is what preferences go by; a `legal` message cannot be muted or collected, an `urgent` one does not wait.
    `digest_id` names the digest that carries the message; a digest is itself a message and `holds` the ids of those
    it carries. `acknowledge_by` is set where somebody of the audience must acknowledge it. `attempts` counts how often
    sending began, `repeats` how often it began although an earlier attempt may have arrived.
    """

    id: str
    fact_id: str
    event: str
    rule: str
    audience: str
    recipient: str
    channel: str
    template: str
    parameters: Mapping[str, str]
    link: str
    country: str
    factory_id: str
    planned_at: datetime
    not_after: datetime
    needs_grant_of: str = ""
    grant_scope: str = "REPORTS"
    grant_reference: str = ""
    topic: str = ""
    legal: bool = False
    urgent: bool = False
    digest_id: str = ""
    holds: list[str] = field(default_factory=list)
    acknowledge_by: datetime | None = None
    acknowledged_at: datetime | None = None
    escalated_at: datetime | None = None
    bounced_at: datetime | None = None
    bounce_code: str = ""
    state: State = State.PLANNED
    reason: str = ""
    attempts: int = 0
    repeats: int = 0
    may_have_arrived: bool = False
    settled_at: datetime | None = None
    read_at: datetime | None = None
    content: Content | None = None
    recorded: list[object] = field(default_factory=list)

    def plan(self, now: datetime) -> None:
        """Record the plan; a message for nobody fails at once, so that staff see whom a rule could not find."""
        self.recorded.append(MessagePlanned(planned_at=now))
        if not self.recipient:
            self.fail(Reason.NO_RECIPIENT, now)

    def begin(self) -> None:
        """An attempt begins. Finding another one unsettled means that its answer was lost: this one is a repeat."""
        self._unsettled()
        if self.may_have_arrived or self.state is State.SENDING:
            self.repeats += 1
        self.state, self.attempts, self.may_have_arrived = State.SENDING, self.attempts + 1, False

    def defer(self, reason: str, until: datetime, digest_id: str = "") -> None:
        """It waits because its recipient wishes so; nothing left, and an attempt whose answer is open stays open."""
        self._unsettled()
        self.may_have_arrived = self.may_have_arrived or self.state is State.SENDING
        if (self.state, self.reason, self.digest_id) != (State.PLANNED, reason, digest_id):
            self.state, self.reason, self.digest_id = State.PLANNED, reason, digest_id
            self.recorded.append(MessageDeferred(reason=reason, until=until))

    def hold(self, message: Message) -> None:
        """A digest takes in one more message; it is of use as long as any of them is."""
        if message.id not in self.holds:
            self.holds = [*self.holds, message.id]
        self.not_after = max(self.not_after, message.not_after)

    @property
    def begun(self) -> bool:
        """Whether it may have left already, so that it must not change any more."""
        return self.settled or self.attempts > 0

    def deliver(self, content: Content, now: datetime) -> None:
        """The provider accepted `content`; it is kept as the record of what was said."""
        self._unsettled()
        self.content = content
        self._settle(State.SENT, "", now)
        self.recorded.append(MessageSent(attempt=self.attempts, sent_at=now))

    def put_off(self, reason: str, now: datetime, *, may_have_arrived: bool = False) -> datetime | None:
        """An attempt failed for a passing cause: the time of the next one, or None and failed if that is too late."""
        self._unsettled()
        again = now + wait_after(self.attempts, self.id)
        if again < self.not_after:
            self.state, self.reason, self.may_have_arrived = State.PLANNED, reason, may_have_arrived
            return again
        self.fail(reason, now)
        return None

    def carry(self, content: Content, digest: Message, now: datetime) -> None:
        """The provider accepted the digest that carries this message, whose words were `content`."""
        self._unsettled()
        self.content, self.attempts, self.digest_id = content, digest.attempts, digest.id
        self._settle(State.SENT, "", now)
        self.recorded.append(MessageSent(attempt=self.attempts, sent_at=now, digest_id=digest.id))

    def expire(self, now: datetime) -> None:
        """The news is of no use any more; what kept it from being sent is the reason, where that was a trouble."""
        self.fail(self.reason if self.reason and self.reason not in WISHES else Reason.TOO_LATE, now)

    def fail(self, reason: str, now: datetime) -> None:
        """The message will never be delivered: refused for good, too late to be of use, or nobody to tell."""
        self._unsettled()
        self._settle(State.FAILED, reason, now)
        self.recorded.append(MessageFailed(reason=reason, attempts=self.attempts, failed_at=now))

    def suppress(self, reason: str, now: datetime) -> None:
        """The recipient may not have the message, or not want it, or bounces; it is not sent and the reason is kept."""
        self._unsettled()
        self._settle(State.SUPPRESSED, reason, now)
        self.recorded.append(MessageSuppressed(reason=reason, suppressed_at=now))

    def mark_read(self, now: datetime) -> None:
        """The recipient opened it; a second time changes nothing. Raises MessageNotDelivered unless it was sent."""
        if self.state is not State.SENT:
            raise MessageNotDelivered("only a delivered message can be read")
        if self.read_at is None:
            self.read_at = now
            self.recorded.append(MessageRead(read_at=now))

    def acknowledge(self, now: datetime) -> None:
        """The recipient acknowledges it; a second time changes nothing.

        Raises AcknowledgementNotAsked, and MessageNotDelivered unless it was sent.
        """
        if self.acknowledge_by is None:
            raise AcknowledgementNotAsked("this message asks for no acknowledgement")
        if self.state is not State.SENT:
            raise MessageNotDelivered("only a delivered message can be acknowledged")
        if self.acknowledged_at is None:
            self.acknowledged_at = now
            self.recorded.append(MessageAcknowledged(acknowledged_at=now))

    def escalate(self, rule: str, audience: str, now: datetime) -> None:
        """Nobody of its audience acknowledged in time; others are told under `rule`. A second time changes nothing."""
        if self.escalated_at is None:
            self.escalated_at = now
            self.recorded.append(MessageEscalated(rule=rule, audience=audience, escalated_at=now))

    def bounce(self, status_code: str, now: datetime) -> bool:
        """The provider could not deliver what it accepted; False if it was not sent, or this was reported before."""
        if self.state is not State.SENT or self.bounced_at is not None:
            return False
        self.bounced_at, self.bounce_code = now, status_code
        self.recorded.append(MessageBounced(status_code.startswith("5"), status_code, now))
        return True

    @property
    def settled(self) -> bool:
        """Whether there is nothing more to do."""
        return self.state not in UNSETTLED

    def _unsettled(self) -> None:
        if self.settled:
            raise MessageSettled(f"message {self.id} is {self.state}")

    def _settle(self, state: State, reason: str, now: datetime) -> None:
        self.state, self.reason, self.settled_at = state, reason, now
