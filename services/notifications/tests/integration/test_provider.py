"""A provider that is down, slow, or accepts and then breaks: each handled, counted, and in nobody else's way."""

from datetime import timedelta

import neighbours as they
import pytest
from prometheus_client import REGISTRY
from stage import Stage

from chassis import database
from local_stack.waiting import wait_until
from notifications.channels import transport
from notifications.channels.email.breaker import FAILURES
from notifications.channels.email.transport import Email

pytestmark = pytest.mark.stack
LEADERS = [f"00000000-0000-4000-8000-0000000001{number:02}" for number in range(12)]
"""So many country managers that their mails would fill the workers for long."""


@pytest.fixture(autouse=True)
def everybody_is_known(stage: Stage) -> None:
    """The people and names of these tests."""
    they.people(stage)
    stage.live = False
    stage.say(they.registered(stage), they.enrolled(stage))
    stage.live = True


def counted(name: str, **labels: str) -> float:
    """What a counter shows."""
    return REGISTRY.get_sample_value(f"{name}_total", labels) or 0.0


def test_slow_mail_delays_no_inbox_and_the_breaker_keeps_the_queue_short(stage: Stage) -> None:
    for id in LEADERS:
        stage.know(id, "country-manager", countries=["BD"])
    stage.mailbox.behaviour.delay_seconds = 30.0
    impatient = stage.settings.model_copy(update={"smtp_timeout_seconds": 2.0})
    stage.sending.channels["email"] = transport("email").open_channel(impatient)
    before = counted("message_attempts", channel="email", outcome="provider_unavailable")
    stage.say(they.overdue(stage))
    messages = len(LEADERS) + 2
    assert len(stage.messages(channel="email")) == messages
    with stage.sending_on():
        wait_until(lambda: len(stage.messages(channel="inbox", state="SENT")) == messages, 120)
        assert stage.messages(channel="email", attempts={"$gte": 1}, state="SENT") == []
        waiting = {"channel": "email", "state": "PLANNED", "reason": "PROVIDER_UNAVAILABLE"}
        wait_until(lambda: len(stage.messages(**waiting)) == messages, 60)
        assert 0 < stage.mailbox.behaviour.asked < messages, "each waited out a timeout of its own"
    attempts = sum(row["attempts"] for row in stage.messages(channel="email"))
    assert attempts >= messages
    assert counted("message_attempts", channel="email", outcome="provider_unavailable") - before == attempts
    assert stage.mailbox.behaviour.accepted == []


def test_after_an_outage_every_mail_goes_out_once(stage: Stage) -> None:
    stage.mailbox.stop()
    for id in LEADERS[: FAILURES + 1]:
        stage.know(id, "country-manager", countries=["BD"])
    stage.say(they.overdue(stage))
    sent = counted("message_attempts", channel="email", outcome="sent")
    stage.send_what_is_due()
    stage.mailbox.start()
    channel = stage.sending.channels["email"]
    assert isinstance(channel, Email)
    channel.breaker._open_until = 0.0  # instead of waiting 15 s for it
    for _ in range(2):
        stage.later(timedelta(minutes=5))
        stage.send_what_is_due()
    mails = stage.messages(channel="email")
    assert {row["state"] for row in mails} == {"SENT"}
    assert len(stage.mailbox.behaviour.accepted) == len(mails) == FAILURES + 3
    assert counted("message_attempts", channel="email", outcome="sent") - sent == len(mails)


def test_each_mail_that_was_accepted_before_the_line_broke_repeats_under_its_message_id(stage: Stage) -> None:
    repeats = counted("message_repeats", channel="email")
    stage.mailbox.behaviour.break_after_accepting = 2
    stage.say(they.overdue(stage))
    stage.send_what_is_due()
    stage.later(timedelta(minutes=2))
    stage.send_what_is_due()
    mails = stage.messages(channel="email")
    assert [(row["state"], row["attempts"], row["repeats"]) for row in mails] == [("SENT", 2, 1)] * 2
    ids = [letter["Message-ID"] for letter in stage.mailbox.behaviour.accepted]
    assert sorted(ids) == sorted(f"<{row['_id']}@amplify.example>" for row in mails * 2)
    assert counted("message_repeats", channel="email") - repeats == 2
    assert database.db().facts.count_documents({"type": "amplify.notifications.v1.MessageSent"}) == 4
