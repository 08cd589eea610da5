"""A message goes one way only: planned, then sent, failed or suppressed; its waits grow and end at not_after."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.domain.back_off import FIRST, LONGEST, wait_after
from notifications.domain.errors import MessageNotDelivered, MessageSettled
from notifications.domain.facts import MessageFailed, MessagePlanned, MessageRead, MessageSent, MessageSuppressed
from notifications.domain.message import Content, Message, Reason, State, message_id

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONTENT = Content(language="en", subject="s", text="t", html="h", link="/")


def planned(recipient: str = "person-1", not_after: timedelta = timedelta(days=1)) -> Message:
    """A message as a rule plans it."""
    message = Message(
        id=message_id("fact-1", "rule-1", recipient, "email"),
        fact_id="fact-1",
        event="amplify.assessment.v1.ReportReleased",
        rule="rule-1",
        audience="factory-managers",
        recipient=recipient,
        channel="email",
        template="report-released",
        parameters={},
        link="/factories/bd-1001",
        country="BD",
        factory_id="bd-1001",
        planned_at=NOW,
        not_after=NOW + not_after,
    )
    message.plan(NOW)
    return message


def test_it_has_one_id_per_fact_rule_recipient_and_channel() -> None:
    base = ("fact", "rule", "person", "email")
    assert message_id(*base) == message_id(*base)
    others = [("fact2", *base[1:]), ("fact", "rule2", "person", "email"), (*base[:2], "p2", "email"), (*base[:3], "x")]
    assert len({message_id(*parts) for parts in [base, *others]}) == 5


def test_it_is_sent_once_and_keeps_what_was_said() -> None:
    message = planned()
    message.begin()
    message.deliver(CONTENT, NOW)
    assert (message.state, message.attempts, message.content) == (State.SENT, 1, CONTENT)
    assert message.recorded == [MessagePlanned(NOW), MessageSent(attempt=1, sent_at=NOW)]
    with pytest.raises(MessageSettled):
        message.deliver(CONTENT, NOW)
    with pytest.raises(MessageSettled):
        message.begin()


def test_a_message_for_nobody_fails_at_once() -> None:
    message = planned(recipient="")
    assert (message.state, message.reason) == (State.FAILED, Reason.NO_RECIPIENT)
    assert message.recorded[-1] == MessageFailed(reason=Reason.NO_RECIPIENT, attempts=0, failed_at=NOW)


def test_a_passing_trouble_puts_it_off_a_permanent_one_ends_it() -> None:
    message = planned()
    message.begin()
    again = message.put_off(Reason.PROVIDER_UNAVAILABLE, NOW)
    assert again is not None
    assert NOW + FIRST <= again <= NOW + FIRST * 1.2
    assert (message.state, message.reason, message.attempts) == (State.PLANNED, Reason.PROVIDER_UNAVAILABLE, 1)
    message.begin()
    message.fail(Reason.ADDRESS_REFUSED, again)
    assert (message.state, message.attempts) == (State.FAILED, 2)
    assert message.recorded[-1] == MessageFailed(reason=Reason.ADDRESS_REFUSED, attempts=2, failed_at=again)


def test_it_fails_with_the_last_trouble_when_the_next_attempt_would_come_too_late() -> None:
    message, now = planned(not_after=timedelta(minutes=5)), NOW
    waits = 0
    message.begin()
    while (again := message.put_off(Reason.PROVIDER_UNAVAILABLE, now)) is not None:
        now, waits = again, waits + 1
        message.begin()
    assert now < message.not_after
    assert waits == 3
    assert (message.state, message.reason) == (State.FAILED, Reason.PROVIDER_UNAVAILABLE)


def test_an_attempt_that_never_ended_or_may_have_arrived_makes_the_next_one_a_repeat() -> None:
    message = planned()
    message.begin()
    message.begin()
    assert (message.attempts, message.repeats) == (2, 1)
    message.put_off(Reason.PROVIDER_UNAVAILABLE, NOW, may_have_arrived=True)
    message.begin()
    assert (message.attempts, message.repeats) == (3, 2)
    message.put_off(Reason.PROVIDER_UNAVAILABLE, NOW)
    message.begin()
    assert (message.attempts, message.repeats) == (4, 2)


def test_it_is_suppressed_without_a_failure() -> None:
    message = planned()
    message.suppress(Reason.CONSENT_WITHDRAWN, NOW)
    assert message.recorded[-1] == MessageSuppressed(reason=Reason.CONSENT_WITHDRAWN, suppressed_at=NOW)
    assert message.settled


def test_reading_counts_once_and_only_what_was_delivered() -> None:
    message = planned()
    with pytest.raises(MessageNotDelivered):
        message.mark_read(NOW)
    message.deliver(CONTENT, NOW)
    message.mark_read(NOW)
    message.mark_read(NOW + timedelta(hours=1))
    assert message.read_at == NOW
    assert [fact for fact in message.recorded if isinstance(fact, MessageRead)] == [MessageRead(read_at=NOW)]


def test_waits_double_to_an_hour_and_are_spread() -> None:
    waits = [wait_after(attempt, "m") for attempt in range(1, 40)]
    assert waits[0] < waits[1] < waits[2]
    assert LONGEST <= waits[-1] <= LONGEST * 1.2
    assert len({wait_after(1, str(key)) for key in range(50)}) > 40
