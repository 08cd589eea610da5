"""How notifications comes to record each of its public facts, with the same data every time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.contracts import ROUTES
from notifications.domain.message import Content, Message, Reason, message_id

from .emitting import emitted

AT = datetime(2026, 3, 25, 3, 0, tzinfo=UTC)
FACT = "019d1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a55"
MANAGER = "9a4f2c1e-0c53-4a55-8a3e-2f4b7c9d1e22"
RULE = "report-released-to-factory"


def _message(channel: str, recipient: str = MANAGER) -> Message:
    return Message(
        id=message_id(FACT, RULE, recipient, channel),
        fact_id=FACT,
        event="amplify.assessment.v1.ReportReleased",
        rule=RULE,
        audience="factory-managers",
        recipient=recipient,
        channel=channel,
        template="report-released",
        parameters={"factory_id": "bd-1001"},
        link="/factories/bd-1001",
        country="BD",
        factory_id="bd-1001",
        planned_at=AT,
        not_after=AT + timedelta(days=28),
    )


def _sent(channel: str) -> Message:
    message = _message(channel)
    message.plan(AT)
    message.begin()
    message.deliver(Content("en", "Subject", "Text", "<p>Text</p>", "/factories/bd-1001"), AT + timedelta(seconds=2))
    return message


def _refused() -> Message:
    message = _message("email")
    message.plan(AT)
    message.begin()
    message.fail(Reason.ADDRESS_REFUSED, AT + timedelta(seconds=2))
    return message


def _for_nobody() -> Message:
    message = _message("inbox", recipient="")
    message.plan(AT)
    return message


def _needs_acknowledgement() -> Message:
    message = _sent("inbox")
    message.acknowledge_by = AT + timedelta(days=3)
    return message


def _acknowledged() -> Message:
    message = _needs_acknowledgement()
    message.acknowledge(AT + timedelta(hours=5))
    return message


def _escalated() -> Message:
    message = _needs_acknowledgement()
    message.escalate(f"{RULE}-escalated", "country-managers", AT + timedelta(days=3))
    return message


def _bounced(status_code: str) -> Message:
    message = _sent("email")
    message.bounce(status_code, AT + timedelta(minutes=4))
    return message


def _in_a_digest() -> Message:
    message = _message("email")
    digest = _message("email")
    digest.id, digest.attempts = message_id("digest/2026-03-26T01:00:00+00:00", "digest", MANAGER, "email"), 1
    message.plan(AT)
    message.defer(Reason.IN_DIGEST, AT + timedelta(hours=22), digest.id)
    content = Content("en", "Subject", "Text", "<p>Text</p>", "/factories/bd-1001")
    message.carry(content, digest, AT + timedelta(hours=22))
    return message


MAKERS: dict[str, Callable[[], Any]] = {
    "MessageSent/email": lambda: _sent("email"),
    "MessageSent/inbox": lambda: _sent("inbox"),
    "MessageSent/in-a-digest": _in_a_digest,
    "MessageAcknowledged/by-the-factory": _acknowledged,
    "MessageEscalated/after-three-days": _escalated,
    "MessageBounced/no-such-user": lambda: _bounced("5.1.1"),
    "MessageBounced/mailbox-full": lambda: _bounced("4.2.2"),
    "MessageFailed/address-refused": _refused,
    "MessageFailed/nobody-to-tell": _for_nobody,
}
EMITTED = emitted("amplify.notifications.v1", ROUTES, MAKERS)
