"""Sending against a real mail server and database: whatever the provider does, nobody is left out or told too much."""

import logging
from datetime import timedelta
from typing import Any

import neighbours as they
import pytest
from stage import Stage

from chassis import database
from chassis.due_work import Due
from chassis.logs import JsonFormatter
from chassis.unit_of_work import unit_of_work
from notifications.use_cases.begin_message import begin_message
from notifications.use_cases.plan_messages import SEND_OF_ANY_CHANNEL, send_kind

pytestmark = pytest.mark.stack


@pytest.fixture(autouse=True)
def everybody_is_known(stage: Stage) -> None:
    """The people and names of these tests."""
    they.people(stage)
    stage.say(they.registered(stage))
    stage.live = False
    stage.say(they.enrolled(stage))
    stage.live = True


def mail_of(stage: Stage, rule: str) -> dict[str, Any]:
    """The e-mail message of a rule, as stored."""
    (row,) = stage.messages(rule=rule, channel="email")
    return row


def test_it_goes_out_by_mail_and_into_the_inbox_and_is_announced_without_an_address(stage: Stage) -> None:
    stage.say(they.started(stage))
    stage.send_what_is_due()
    assert sorted(stage.mailbox.behaviour.recipients) == sorted(
        [f"{they.MANAGER}@people.example", f"{they.COUNTRY_MANAGER}@people.example"]
    )
    row = mail_of(stage, "assessment-started-to-factory")
    assert (row["state"], row["attempts"], row["repeats"]) == ("SENT", 1, 0)
    assert row["content"]["subject"] == "An assessment of Blue Delta Knit has started"
    assert "https://console.example/factories/bd-1001" in row["content"]["text"]
    facts = list(database.db().facts.find({"type": "amplify.notifications.v1.MessageSent"}))
    assert len(facts) == 4
    assert {fact["correlation_id"] for fact in facts} == {"story-1"}
    assert not any(b"people.example" in fact["value"] or b"Person" in fact["value"] for fact in facts)
    assert database.db().due_work.count_documents({}) == 0


def test_arabic_goes_out_right_to_left_in_the_readers_hour(stage: Stage) -> None:
    stage.know(they.MANAGER, "factory-manager", factories=[they.FACTORY], language="ar-JO", time_zone="Asia/Amman")
    stage.say(they.released(stage))
    stage.send_what_is_due()
    (letter,) = [one for one in stage.mailbox.behaviour.accepted if they.MANAGER in str(one["To"])]
    text, html = (part.get_content() for part in letter.iter_parts())
    assert letter["Subject"] == "تقرير تقييم مصنعكم جاهز"
    assert '<html lang="ar" dir="rtl">' in html
    assert "\u2068Blue Delta Knit\u2069" in text


def test_a_provider_that_is_down_delays_and_loses_nothing(stage: Stage) -> None:
    stage.mailbox.stop()
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    row = mail_of(stage, "assessment-submitted-to-team-leader")
    assert (row["state"], row["reason"], row["attempts"]) == ("PLANNED", "PROVIDER_UNAVAILABLE", 1)
    assert stage.messages(channel="inbox")[0]["state"] == "SENT"
    stage.mailbox.start()
    stage.send_what_is_due()
    assert stage.mailbox.behaviour.accepted == []
    stage.later(timedelta(minutes=1))
    stage.send_what_is_due()
    assert mail_of(stage, "assessment-submitted-to-team-leader")["state"] == "SENT"
    assert len(stage.mailbox.behaviour.accepted) == 1


def test_a_provider_that_stays_down_fails_the_message_when_the_news_is_old(stage: Stage) -> None:
    stage.mailbox.behaviour.answers = {"MAIL": "451 4.3.0 try again"}
    stage.say(they.started(stage))
    for _ in range(3):
        stage.send_what_is_due()
        stage.later(timedelta(hours=20))
    stage.send_what_is_due()
    row = mail_of(stage, "assessment-started-to-factory")
    assert (row["state"], row["reason"], row["attempts"]) == ("FAILED", "PROVIDER_UNAVAILABLE", 3)
    failed = database.db().facts.find({"type": "amplify.notifications.v1.MessageFailed", "key": row["_id"]})
    assert len(list(failed)) == 1
    assert database.db().due_work.count_documents({}) == 0


def test_a_lost_answer_repeats_with_the_same_message_id_and_is_counted(stage: Stage) -> None:
    stage.mailbox.behaviour.break_after_accepting = 1
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    stage.later(timedelta(minutes=1))
    stage.send_what_is_due()
    row = mail_of(stage, "assessment-submitted-to-team-leader")
    assert (row["state"], row["attempts"], row["repeats"]) == ("SENT", 2, 1)
    assert [one["Message-ID"] for one in stage.mailbox.behaviour.accepted] == [f"<{row['_id']}@amplify.example>"] * 2


def test_a_process_that_dies_before_recording_repeats_with_the_same_message_id_and_is_counted(stage: Stage) -> None:
    stage.say(they.submitted(stage))
    id = mail_of(stage, "assessment-submitted-to-team-leader")["_id"]
    due = database.db().due_work.find_one({"key": id})
    assert due is not None
    assert stage.sending.attempt(Due(send_kind("email"), id, due["due_at"], {})) is not None
    stage.send_what_is_due()
    row = mail_of(stage, "assessment-submitted-to-team-leader")
    assert (row["state"], row["attempts"], row["repeats"]) == ("SENT", 2, 1)
    assert [one["Message-ID"] for one in stage.mailbox.behaviour.accepted] == [f"<{id}@amplify.example>"] * 2


def test_two_workers_that_hold_the_same_message_record_it_once(stage: Stage) -> None:
    stage.say(they.submitted(stage))
    for worker in stage.workers[:2]:
        rows = [worker._claim() for _ in range(2)]
        assert [len(claimed) for claimed in rows] == [1, 0]
        for row in [*rows[0], *rows[0]]:
            worker.do(row)
    assert {row["state"] for row in stage.messages()} == {"SENT"}
    assert database.db().facts.count_documents({"type": "amplify.notifications.v1.MessageSent"}) == 2


def test_an_address_refused_for_good_fails_at_once_and_the_inbox_still_has_it(stage: Stage) -> None:
    stage.mailbox.behaviour.answers = {"RCPT": "550 5.1.1 no such user"}
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    row = mail_of(stage, "assessment-submitted-to-team-leader")
    assert (row["state"], row["reason"], row["attempts"]) == ("FAILED", "ADDRESS_REFUSED", 1)
    assert stage.messages(channel="inbox")[0]["state"] == "SENT"
    assert database.db().due_work.count_documents({}) == 0


def test_a_corrected_address_is_used_at_the_next_attempt(stage: Stage) -> None:
    stage.mailbox.behaviour.answers = {"RCPT": "450 4.2.1 full"}
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    stage.mailbox.behaviour.answers = {}
    stage.know(they.LEADER, "team-leader", email="new@people.example")
    stage.later(timedelta(minutes=1))
    stage.send_what_is_due()
    assert stage.mailbox.behaviour.recipients == ["new@people.example"]


def test_a_buyer_is_told_under_a_live_grant_and_reads_no_finding(stage: Stage) -> None:
    stage.live = False
    stage.say(they.granted(stage))
    stage.live = True
    stage.say(they.released(stage))
    stage.send_what_is_due()
    row = mail_of(stage, "report-released-to-buyers")
    assert row["state"] == "SENT"
    assert stage.programme.asked == [(f"factories/{they.FACTORY}", f"organisations/{they.BUYER}")] * 2
    assert "This message carries no findings" in row["content"]["text"]
    assert row["link"] == "/inbox"


def test_a_consent_withdrawn_before_sending_stops_mail_and_inbox(stage: Stage) -> None:
    stage.say(they.granted(stage), they.released(stage))
    stage.programme.live = False
    stage.send_what_is_due()
    rows = stage.messages(rule="report-released-to-buyers")
    assert [(row["state"], row["reason"]) for row in rows] == [("SUPPRESSED", "CONSENT_WITHDRAWN")] * 2
    to_buyer = [one for one in stage.mailbox.behaviour.accepted if they.BUYERS_PERSON in str(one["To"])]
    assert ["has granted you consent" in one["Subject"] for one in to_buyer] == [True]
    assert stage.messages(rule="report-released-to-factory")[0]["state"] == "SENT"


@pytest.mark.parametrize("away", ["broken", "gone"])
def test_a_consent_that_cannot_be_confirmed_waits_and_never_sends(stage: Stage, away: str) -> None:
    stage.say(they.granted(stage), they.released(stage))
    if away == "gone":
        stage.programme.close()
    stage.programme.live = None
    for _ in range(2):
        stage.send_what_is_due()
        rows = stage.messages(rule="report-released-to-buyers")
        assert [(row["state"], row["reason"]) for row in rows] == [("PLANNED", "CONSENT_UNCONFIRMED")] * 2
        stage.later(timedelta(minutes=2))
    stage.later(timedelta(days=28))
    stage.send_what_is_due()
    rows = stage.messages(rule="report-released-to-buyers")
    assert [(row["state"], row["reason"]) for row in rows] == [("FAILED", "CONSENT_UNCONFIRMED")] * 2


def test_somebody_unknown_is_waited_for(stage: Stage) -> None:
    newcomer = "00000000-0000-4000-8000-00000000000a"
    stage.say(they.enrolled(stage, advisor=newcomer))
    stage.send_what_is_due()
    assert [row["reason"] for row in stage.messages()] == ["RECIPIENT_UNKNOWN"]
    stage.know(newcomer, "enterprise-advisor")
    stage.later(timedelta(minutes=1))
    stage.send_what_is_due()
    assert [row["state"] for row in stage.messages()] == ["SENT"]


def test_a_name_that_is_not_known_yet_is_waited_for(stage: Stage) -> None:
    database.db().view_directory_1.delete_many({})
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    assert [row["reason"] for row in stage.messages()] == ["NAME_UNKNOWN"] * 2
    database.db().view_directory_1.insert_one({"_id": f"factory/{they.FACTORY}", "name": "Blue Delta Knit"})
    stage.later(timedelta(minutes=1))
    stage.send_what_is_due()
    assert [row["state"] for row in stage.messages()] == ["SENT"] * 2


def test_no_log_line_tells_who_or_what(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stage.mailbox.behaviour.answers = {"RCPT": "550 5.1.1 no such user <x@people.example> Blue Delta Knit"}
    stage.say(they.submitted(stage), they.started(stage))
    stage.send_what_is_due()
    stage.mailbox.behaviour.answers = {}
    stage.mailbox.behaviour.break_after_accepting = 1
    stage.say(they.granted(stage), they.released(stage))
    stage.send_what_is_due()
    stage.later(timedelta(minutes=1))
    stage.send_what_is_due()
    ours = [record for record in caplog.records if record.name.split(".")[0] in ("notifications", "chassis")]
    lines = [JsonFormatter("notifications").format(record) for record in ours]
    assert any("may arrive twice" in line for line in lines)
    for secret in ("people.example", "Blue Delta", "North Sea", "Person"):
        assert not any(secret in line for line in lines)


def test_an_attempt_at_what_is_settled_or_gone_does_nothing(stage: Stage) -> None:
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    before = stage.messages()
    for id in [*(row["_id"] for row in before), "no-such-message"]:
        assert unit_of_work(lambda id=id: begin_message(id)) is None
    assert stage.messages() == before


def test_what_the_version_before_planned_is_still_sent(stage: Stage) -> None:
    """Its due work has one kind for all channels."""
    stage.say(they.submitted(stage))
    for row in list(database.db().due_work.find()):
        database.db().due_work.delete_one({"_id": row["_id"]})
        old = row | {"_id": f"{SEND_OF_ANY_CHANNEL}/{row['key']}", "kind": SEND_OF_ANY_CHANNEL}
        database.db().due_work.insert_one(old)
    stage.send_what_is_due()
    assert {row["state"] for row in stage.messages()} == {"SENT"}
    assert database.db().due_work.count_documents({}) == 0
