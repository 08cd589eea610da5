"""The SMTP channel against a real server: every way a provider behaves is either refused, tried later or accepted."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from smtp_provider import Mailbox

from notifications.channels import Envelope, Refused, TryLater
from notifications.channels.email.breaker import FAILURES, PAUSE_SECONDS, Breaker
from notifications.channels.email.transport import Email, Encryption, open_channel
from notifications.domain.message import Content, Reason
from notifications.rendering import Reader, render

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Chosen:
    """Settings of the channel under test."""

    smtp_port: int
    smtp_host: str = "127.0.0.1"
    smtp_encryption: Encryption = "none"
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_timeout_seconds: float = 60.0
    mail_from: str = "Amplify <no-reply@amplify.example>"


def envelope(content: Content | None = None, name: str = "Rana Haddad") -> Envelope:
    """A message ready to go."""
    content = content or Content("en", "Report released", "plain\n", "<p>rich</p>", "/")
    return Envelope("message-1", name, "rana@factory.example", content, NOW)


def test_it_hands_over_text_and_html_with_its_own_message_id(mailbox: Mailbox) -> None:
    channel = open_channel(Chosen(mailbox.port))
    channel.send(envelope())
    channel.send(envelope())
    first, second = mailbox.behaviour.accepted
    assert first["Message-ID"] == second["Message-ID"] == "<message-1@amplify.example>"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    assert (first["From"], first["Subject"]) == ("Amplify <no-reply@amplify.example>", "Report released")
    assert (first["Auto-Submitted"], first["Content-Language"]) == ("auto-generated", "en")
    assert mailbox.behaviour.recipients == ["rana@factory.example"] * 2


def test_an_arabic_mail_arrives_right_to_left_and_whole(mailbox: Mailbox) -> None:
    words = {"factory_name": "Blue Delta Knit", "released_at": "2026-12-01T04:00:00+00:00"}
    reader = Reader("رنا حداد", "ar-JO", "Asia/Amman")
    content = render("report-released", words, reader, link="/", console_url="http://c", reference="r")
    open_channel(Chosen(mailbox.port)).send(envelope(content, reader.name))
    (letter,) = mailbox.behaviour.accepted
    text, html = (part.get_content().replace("\r\n", "\n") for part in letter.iter_parts())
    assert (letter["Subject"], text, html) == (content.subject, content.text, content.html)
    assert 'dir="rtl"' in html
    assert letter["To"] == "رنا حداد <rana@factory.example>"


@pytest.mark.parametrize(
    ("command", "answer", "reason"),
    [
        ("RCPT", "550 5.1.1 no such user rana@factory.example", Reason.ADDRESS_REFUSED),
        ("DATA", "554 5.7.1 looks like spam", Reason.CONTENT_REFUSED),
    ],
)
def test_a_permanent_answer_is_a_refusal(mailbox: Mailbox, command: str, answer: str, reason: Reason) -> None:
    mailbox.behaviour.answers = {command: answer}
    with pytest.raises(Refused) as refused:
        open_channel(Chosen(mailbox.port)).send(envelope())
    assert refused.value.reason == reason
    assert "rana" not in str(refused.value)


@pytest.mark.parametrize(
    ("command", "answer", "reason"),
    [
        ("MAIL", "421 4.3.0 shutting down", Reason.PROVIDER_UNAVAILABLE),
        ("MAIL", "530 5.7.0 authentication required", Reason.PROVIDER_REFUSED_SENDER),
        ("RCPT", "450 4.2.1 greylisted", Reason.ADDRESS_DEFERRED),
        ("RCPT", "421 4.3.0 shutting down", Reason.PROVIDER_UNAVAILABLE),
        ("DATA", "451 4.3.0 try again", Reason.PROVIDER_UNAVAILABLE),
    ],
)
def test_a_passing_answer_or_our_own_fault_is_tried_later(
    mailbox: Mailbox, command: str, answer: str, reason: Reason
) -> None:
    mailbox.behaviour.answers = {command: answer}
    with pytest.raises(TryLater) as later:
        open_channel(Chosen(mailbox.port)).send(envelope())
    assert (later.value.reason, later.value.may_have_gone) == (reason, False)


def test_a_slow_server_is_given_up_and_tried_later(mailbox: Mailbox) -> None:
    mailbox.behaviour.delay_seconds = 30.0
    with pytest.raises(TryLater) as later:
        open_channel(Chosen(mailbox.port, smtp_timeout_seconds=0.2)).send(envelope())
    assert not later.value.may_have_gone


def test_an_answer_lost_after_the_letter_was_taken_may_have_gone(mailbox: Mailbox) -> None:
    mailbox.behaviour.break_after_accepting = 1
    channel = open_channel(Chosen(mailbox.port))
    with pytest.raises(TryLater) as later:
        channel.send(envelope())
    assert later.value.may_have_gone
    channel.send(envelope())
    assert len({letter["Message-ID"] for letter in mailbox.behaviour.accepted}) == 1
    assert len(mailbox.behaviour.accepted) == 2


def test_a_server_without_encryption_is_not_trusted_where_it_is_demanded(mailbox: Mailbox) -> None:
    with pytest.raises(TryLater):
        open_channel(Chosen(mailbox.port, smtp_encryption="starttls")).send(envelope())
    assert mailbox.behaviour.accepted == []


def test_a_header_that_cannot_be_written_is_refused_before_anything_leaves(mailbox: Mailbox) -> None:
    with pytest.raises(Refused) as refused:
        open_channel(Chosen(mailbox.port)).send(envelope(name="Rana\r\nBcc: all@example.org"))
    assert refused.value.reason == Reason.CONTENT_UNUSABLE
    assert mailbox.behaviour.accepted == []


def test_a_server_that_is_away_is_left_alone_for_a_while_and_found_again(mailbox: Mailbox) -> None:
    clock = [0.0]
    channel = Email(Chosen(mailbox.port), Breaker(seconds=lambda: clock[0]))
    mailbox.stop()
    for _ in range(FAILURES):
        with pytest.raises(TryLater):
            channel.send(envelope())
    mailbox.start()
    with pytest.raises(TryLater):
        channel.send(envelope())
    assert mailbox.behaviour.accepted == []
    clock[0] += PAUSE_SECONDS
    channel.send(envelope())
    channel.send(envelope())
    assert len(mailbox.behaviour.accepted) == 2
