"""What people wish is heeded and loses nothing: mutes, quiet hours and digests, whatever repeats or dies."""

import multiprocessing
import signal
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import neighbours as they
import pytest
from dying_sender import send
from stage import Stage, now

from chassis import database
from local_stack.waiting import wait_until
from notifications.domain.local_time import next_moment
from notifications.domain.preferences import Digest, Mute, QuietHours

pytestmark = pytest.mark.stack
DHAKA = "Asia/Dhaka"
NIGHT = QuietHours("22:00", "07:00")


@pytest.fixture(autouse=True)
def evening(stage: Stage) -> None:
    """Everybody is known, and it is eleven at night in Dhaka."""
    they.people(stage)
    stage.live = False
    stage.say(they.registered(stage), they.enrolled(stage))
    stage.live = True
    stage.at(wall("23:00"))


def wall(time: str, weekday: int = 0) -> datetime:
    """When the clock in Dhaka comes to this time next."""
    return next_moment(now(), datetime.strptime(time, "%H:%M").time(), DHAKA, weekday=weekday)  # noqa: DTZ007


def states(stage: Stage, **query: Any) -> list[tuple[str, str, str]]:
    """Channel, state and reason of the leader's messages, digests left out."""
    rows = stage.messages(recipient=they.LEADER, rule={"$ne": "digest"}, **query)
    return [(row["channel"], row["state"], row["reason"]) for row in rows]


def mails(stage: Stage, to: str = they.LEADER) -> list[EmailMessage]:
    """The mails that went to somebody."""
    return [letter for letter in stage.mailbox.behaviour.accepted if to in str(letter["To"])]


def letters(stage: Stage) -> list[str]:
    """The subjects of the mails that went to the leader."""
    return [str(letter["Subject"]) for letter in mails(stage)]


def test_a_muted_topic_is_suppressed_by_that_channel_only_and_says_so(stage: Stage) -> None:
    stage.wish(they.LEADER, mutes=[Mute("assessment", "email")])
    stage.say(they.submitted(stage), times=2)
    stage.send_what_is_due()
    assert states(stage) == [("email", "SUPPRESSED", "MUTED"), ("inbox", "SENT", "")]
    assert letters(stage) == []
    assert database.db().due_work.count_documents({}) == 0


def test_a_legal_notice_comes_whatever_is_muted(stage: Stage) -> None:
    stage.wish(they.MANAGER, mutes=[Mute("consent", "email"), Mute("consent", "inbox")])
    stage.live = False
    stage.say(they.granted(stage))
    stage.live = True
    stage.say(they.withdrawn(stage))
    stage.send_what_is_due()
    rows = stage.messages(rule="consent-withdrawn-to-factory")
    assert [row["state"] for row in rows] == ["SENT", "SENT"]


def test_quiet_hours_defer_and_drop_nothing(stage: Stage) -> None:
    stage.wish(they.LEADER, quiet_hours=NIGHT)
    stage.say(they.submitted(stage), times=2)
    for _ in range(2):
        stage.send_what_is_due()
        assert states(stage) == [("email", "PLANNED", "QUIET_HOURS"), ("inbox", "SENT", "")]
    (row,) = database.db().due_work.find()
    assert row["due_at"] == wall("07:00")
    stage.at(wall("07:00"))
    stage.send_what_is_due()
    assert states(stage) == [("email", "SENT", ""), ("inbox", "SENT", "")]
    assert len(letters(stage)) == 1


def test_news_that_the_night_would_make_stale_comes_at_once(stage: Stage) -> None:
    stage.wish(they.LEADER, quiet_hours=NIGHT)
    stage.say(they.reminder(stage, hours_left=2))
    stage.send_what_is_due()
    assert states(stage) == [("email", "SENT", ""), ("inbox", "SENT", "")]


def test_a_digest_collects_into_one_letter_and_each_message_counts_as_sent(stage: Stage) -> None:
    stage.wish(they.LEADER, digests=[Digest("email", 8)])
    stage.say(they.submitted(stage), they.reminder(stage), they.overdue(stage), times=2)
    for _ in range(2):
        stage.send_what_is_due()
    assert states(stage, channel="email") == [("email", "PLANNED", "IN_DIGEST")] * 3
    assert letters(stage) == []
    stage.at(wall("08:00"))
    for _ in range(2):
        stage.send_what_is_due()
    assert states(stage, channel="email") == [("email", "SENT", "")] * 3
    (letter,) = mails(stage)
    assert letter["Subject"] == "Your collected messages (3)"
    (digest,) = stage.messages(rule="digest")
    assert letter["Message-ID"] == f"<{digest['_id']}@amplify.example>"
    text = str(next(letter.iter_parts()).get_content())
    for row in stage.messages(recipient=they.LEADER, channel="email", rule={"$ne": "digest"}):
        assert row["digest_id"] == digest["_id"]
        assert row["content"]["subject"] in text
    sent = {"type": "amplify.notifications.v1.MessageSent", "key": {"$in": digest["holds"]}}
    assert database.db().facts.count_documents(sent) == 3
    assert database.db().facts.count_documents({"key": digest["_id"], "stream": {"$exists": True}}) == 0
    assert database.db().due_work.count_documents({}) == 0


def test_what_came_after_a_digest_goes_into_the_next(stage: Stage) -> None:
    stage.wish(they.LEADER, digests=[Digest("email", 8, 1)])
    stage.at(wall("23:00", weekday=7))
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    stage.at(wall("08:00", weekday=1))
    stage.send_what_is_due()
    stage.say(they.overdue(stage))
    stage.send_what_is_due()
    assert letters(stage) == ["Your collected messages (1)"]
    stage.at(wall("08:00", weekday=1))
    stage.send_what_is_due()
    assert letters(stage) == ["Your collected messages (1)"] * 2


def test_what_is_of_no_use_by_the_hour_of_the_digest_goes_alone(stage: Stage) -> None:
    stage.wish(they.LEADER, digests=[Digest("email", 8)])
    stage.say(they.reminder(stage, hours_left=6))
    stage.send_what_is_due()
    assert states(stage, channel="email") == [("email", "SENT", "")]


def test_a_digest_leaves_out_what_is_stale_or_unwanted_by_then(stage: Stage) -> None:
    stage.wish(they.LEADER, digests=[Digest("email", 8)])
    stage.say(they.reminder(stage, hours_left=12), they.submitted(stage))
    stage.send_what_is_due()
    stage.mailbox.stop()
    stage.at(wall("08:00"))
    stage.send_what_is_due()
    stage.mailbox.start()
    stage.later(timedelta(hours=4))
    stage.send_what_is_due()
    rows = stage.messages(recipient=they.LEADER, channel="email", rule={"$ne": "digest"})
    assert {(row["rule"], row["state"], row["reason"]) for row in rows} == {
        ("assessment-submitted-to-team-leader", "SENT", ""),
        ("release-reminder-to-team-leader", "FAILED", "TOO_LATE"),
    }
    assert letters(stage) == ["Your collected messages (1)"]


def test_a_digest_whose_consent_ended_carries_the_rest(stage: Stage) -> None:
    stage.wish(they.BUYERS_PERSON, digests=[Digest("email", 8)])
    stage.say(they.granted(stage), they.released(stage))
    stage.send_what_is_due()
    stage.programme.live = False
    stage.later(timedelta(days=1))
    stage.send_what_is_due()
    rows = stage.messages(recipient=they.BUYERS_PERSON, channel="email", rule={"$ne": "digest"})
    assert {(row["rule"], row["state"], row["reason"]) for row in rows} == {
        ("consent-granted-to-buyer", "SENT", ""),
        ("report-released-to-buyers", "SUPPRESSED", "CONSENT_WITHDRAWN"),
    }
    (letter,) = mails(stage, they.BUYERS_PERSON)
    assert letter["Subject"] == "Your collected messages (1)"
    assert "assessment report of" not in str(next(letter.iter_parts()).get_content())


def test_a_digest_with_nothing_left_to_say_is_not_sent(stage: Stage) -> None:
    stage.wish(they.BUYERS_PERSON, digests=[Digest("email", 8)])
    stage.live = False
    stage.say(they.granted(stage))
    stage.live = True
    stage.say(they.released(stage))
    stage.send_what_is_due()
    stage.programme.live = None
    stage.later(timedelta(days=1))
    stage.send_what_is_due()
    (row,) = stage.messages(recipient=they.BUYERS_PERSON, channel="email", rule={"$ne": "digest"})
    assert (row["state"], row["reason"], row["digest_id"]) == ("PLANNED", "CONSENT_UNCONFIRMED", "")
    stage.programme.live = True
    stage.later(timedelta(minutes=1))
    stage.wish(they.BUYERS_PERSON, digests=[])
    stage.send_what_is_due()
    assert [row["state"] for row in stage.messages(rule="report-released-to-buyers")] == ["SENT", "SENT"]


@pytest.mark.parametrize(
    ("point", "expected"), [("due.attempted", 2), ("work.written", 1), ("due.settled", 1)], ids=lambda value: str(value)
)
def test_a_digest_whose_sender_is_killed_arrives_once_or_with_the_same_message_id(
    stage: Stage, point: str, expected: int
) -> None:
    stage.wish(they.LEADER, digests=[Digest("email", 8)])
    stage.say(they.submitted(stage), they.overdue(stage))
    stage.send_what_is_due()
    stage.at(wall("08:00"))
    processes = multiprocessing.get_context("spawn")
    settings = stage.settings.model_copy(update={"business_clock_file": stage.clock_file})
    doomed = processes.Process(target=send, args=(settings, f"{point}=kill"), daemon=True)
    doomed.start()
    doomed.join(120)
    assert doomed.exitcode == -signal.SIGKILL
    database.db().due_work.update_many({}, {"$set": {"leased_until": None}})
    with stage.sending_on():
        wait_until(lambda: states(stage, channel="email") == [("email", "SENT", "")] * 2, 120)
        wait_until(lambda: database.db().due_work.count_documents({}) == 0, 120)
    (digest,) = stage.messages(rule="digest")
    assert [letter["Message-ID"] for letter in mails(stage)] == [f"<{digest['_id']}@amplify.example>"] * expected
    assert digest["repeats"] == expected - 1
    sent = {"type": "amplify.notifications.v1.MessageSent", "key": {"$in": digest["holds"]}}
    assert database.db().facts.count_documents(sent) == 2
