"""What must be acknowledged is, or others are told: once, whatever is repeated, and by whoever is first."""

import uuid
from datetime import timedelta
from typing import Any

import neighbours as they
import pytest
from line import Line
from stage import Stage

from amplify.notifications.v1 import inbox_service_pb2 as wire
from chassis import database

pytestmark = pytest.mark.stack
RULE = "consent-withdrawn-to-buyer"
COLLEAGUE = "00000000-0000-4000-8000-0000000000b2"
BUYER: dict[str, Any] = {"subject": they.BUYERS_PERSON, "role": "buyer"}


@pytest.fixture(autouse=True)
def withdrawn(stage: Stage) -> None:
    """A factory took its consent back, and the buyer's two people have been told."""
    they.people(stage)
    stage.know(COLLEAGUE, "buyer", organisations=[they.BUYER])
    stage.live = False
    stage.say(they.registered(stage), they.enrolled(stage), they.granted(stage))
    stage.live = True
    stage.say(they.withdrawn(stage), times=3)
    stage.send_what_is_due()


def acknowledge(stage: Stage, recipient: str = they.BUYERS_PERSON, **changed: str) -> wire.AcknowledgeMessageRequest:
    """A request to acknowledge what somebody has in the inbox."""
    (row,) = stage.messages(rule=RULE, recipient=recipient, channel="inbox")
    fields = {"name": f"messages/{row['_id']}", "request_id": str(uuid.uuid4())}
    return wire.AcknowledgeMessageRequest(**{**fields, **changed})


def escalated(stage: Stage) -> list[tuple[str, str, str]]:
    """Recipient, channel and state of the messages to whom it was escalated."""
    rows = stage.messages(rule=f"{RULE}-escalated")
    return [(row["recipient"], row["channel"], row["state"]) for row in rows]


def facts(kind: str) -> int:
    """How many facts of the kind were recorded."""
    return int(database.db().facts.count_documents({"type": f"amplify.notifications.v1.{kind}"}))


def test_nobody_acknowledged_so_the_country_manager_is_told_once(stage: Stage) -> None:
    assert {row["acknowledge_by"] is not None for row in stage.messages(rule=RULE)} == {True}
    stage.later(timedelta(days=2, hours=23))
    stage.send_what_is_due()
    assert escalated(stage) == []
    stage.later(timedelta(hours=2))
    for _ in range(3):
        stage.send_what_is_due()
    assert escalated(stage) == [(they.COUNTRY_MANAGER, channel, "SENT") for channel in ("email", "inbox")]
    assert facts("MessageEscalated") == 1
    (row,) = stage.messages(rule=f"{RULE}-escalated", channel="email")
    assert row["content"]["subject"] == "Not acknowledged: legal notice, Blue Delta Knit"
    assert "North Sea Apparel" in row["content"]["text"]
    assert database.db().due_work.count_documents({}) == 0


def test_one_acknowledgement_of_an_audience_is_enough(stage: Stage, line: Line) -> None:
    unread = line.call(line.inbox.CountUnreadMessages, wire.CountUnreadMessagesRequest(), **BUYER)
    assert unread.unacknowledged == 1
    waiting = wire.ListMessagesRequest(unacknowledged_only=True)
    (message,) = line.call(line.inbox.ListMessages, waiting, **BUYER).messages
    assert message.HasField("acknowledge_due_time")
    assert message.topic == "legal-notice"
    request = acknowledge(stage, etag=message.etag)
    first = line.call(line.inbox.AcknowledgeMessage, request, **BUYER)
    assert first.message.HasField("acknowledge_time")
    assert line.call(line.inbox.AcknowledgeMessage, request, **BUYER) == first
    again = line.call(line.inbox.AcknowledgeMessage, acknowledge(stage), **BUYER)
    assert again.message.acknowledge_time == first.message.acknowledge_time
    assert line.call(line.inbox.ListMessages, waiting, **BUYER).total_size == 0
    stage.later(timedelta(days=4))
    stage.send_what_is_due()
    assert escalated(stage) == []
    assert (facts("MessageAcknowledged"), facts("MessageEscalated")) == (1, 0)


def test_an_acknowledgement_after_the_escalation_is_noted_and_changes_nothing_else(stage: Stage, line: Line) -> None:
    stage.later(timedelta(days=4))
    for _ in range(2):
        stage.send_what_is_due()
    before = escalated(stage)
    line.call(line.inbox.AcknowledgeMessage, acknowledge(stage), **BUYER)
    stage.send_what_is_due()
    assert escalated(stage) == before
    assert facts("MessageAcknowledged") == 1


def test_wrong_acknowledgements_are_refused_and_change_nothing(stage: Stage, line: Line) -> None:
    (other,) = stage.messages(rule="consent-withdrawn-to-factory", channel="inbox")
    before = stage.messages()
    method = line.inbox.AcknowledgeMessage
    assert line.refusal(method, acknowledge(stage)) == ("NOT_FOUND", "NOT_FOUND", [])
    assert line.refusal(method, acknowledge(stage, etag='"99"'), **BUYER) == ("ABORTED", "STALE_ETAG", [])
    assert line.refusal(method, acknowledge(stage, name="x"), **BUYER) == (
        "INVALID_ARGUMENT",
        "INVALID_FIELD",
        ["name"],
    )
    mine = acknowledge(stage, name=f"messages/{other['_id']}")
    assert line.refusal(method, mine) == ("FAILED_PRECONDITION", "ACKNOWLEDGEMENT_NOT_ASKED", [])
    assert stage.messages() == before


def test_a_replay_escalates_nothing_again(stage: Stage) -> None:
    stage.later(timedelta(days=4))
    for _ in range(2):
        stage.send_what_is_due()
    before = stage.messages(), list(database.db().facts.find())
    for name in ("positions", "audience"):
        database.db()[name].delete_many({})
    stage.live = False
    stage.sequences.clear()
    stage.say(they.registered(stage), they.enrolled(stage), they.granted(stage), they.withdrawn(stage))
    stage.later(timedelta(days=4))
    stage.send_what_is_due()
    assert (stage.messages(), list(database.db().facts.find())) == before
