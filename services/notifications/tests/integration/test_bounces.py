"""An address that bounces is suppressed, staff see why and lift it, and nothing is dropped without a trace."""

import uuid
from typing import Any

import neighbours as they
import pytest
from line import Line
from stage import Stage

from amplify.notifications.v1 import delivery_pb2, message_pb2
from amplify.notifications.v1 import delivery_service_pb2 as wire
from chassis import database

pytestmark = pytest.mark.stack
STAFF: dict[str, Any] = {"subject": they.COUNTRY_MANAGER, "role": "country-manager", "countries": ["BD"]}
ELSEWHERE: dict[str, Any] = {"subject": they.OFFICER, "role": "country-manager", "countries": ["KH"]}
OPERATOR: dict[str, Any] = {"subject": "operator-1", "role": "sre"}
SERVER: dict[str, Any] = {"subject": "mail-server", "role": "service"}


@pytest.fixture(autouse=True)
def everybody_is_known(stage: Stage) -> None:
    """The people and names of these tests."""
    they.people(stage)
    stage.live = False
    stage.say(they.registered(stage), they.enrolled(stage))
    stage.live = True


def suppressions(line: Line, who: dict[str, Any] = STAFF, **asked: Any) -> list[delivery_pb2.Suppression]:
    """What staff see."""
    answer = line.call(line.deliveries.ListSuppressions, wire.ListSuppressionsRequest(**asked), **who)
    assert answer.total_size == len(answer.suppressions)
    return list(answer.suppressions)


def deliveries(line: Line, who: dict[str, Any] = STAFF, **asked: Any) -> list[delivery_pb2.Delivery]:
    """What became of messages, as staff see it."""
    return list(line.call(line.deliveries.ListDeliveries, wire.ListDeliveriesRequest(**asked), **who).deliveries)


def lift(**changed: str) -> wire.LiftSuppressionRequest:
    """A request to lift the manager's suppression."""
    fields = {"name": f"recipients/{they.MANAGER}/suppression", "request_id": str(uuid.uuid4())}
    return wire.LiftSuppressionRequest(**{**fields, **changed})


def report(message: str, code: str, **changed: str) -> wire.ReportBounceRequest:
    """A provider's report."""
    fields = {"name": f"messages/{message}", "status_code": code, "request_id": str(uuid.uuid4())}
    return wire.ReportBounceRequest(**{**fields, **changed})


def refused_for_good(stage: Stage) -> None:
    """The manager's address is refused at the door, once."""
    stage.mailbox.behaviour.answers = {"RCPT": "550 5.1.1 no such user x@people.example"}
    stage.say(they.released(stage), times=2)
    stage.send_what_is_due()
    stage.mailbox.behaviour.answers = {}


def test_a_hard_bounce_suppresses_and_shows_its_reason_until_staff_lift_it(stage: Stage, line: Line) -> None:
    refused_for_good(stage)
    (row,) = [one for one in suppressions(line) if they.MANAGER in one.name]
    assert (row.reason, row.status_code, row.channel) == (
        delivery_pb2.SUPPRESSION_REASON_HARD_BOUNCE,
        "5.1.1",
        message_pb2.CHANNEL_EMAIL,
    )
    assert row.HasField("suppress_time")
    assert row.display_name == f"Person {they.MANAGER}"
    assert "people.example" not in str(row)

    stage.say(they.started(stage), times=2)
    stage.send_what_is_due()
    dropped = deliveries(line, state=message_pb2.MESSAGE_STATE_SUPPRESSED)
    assert [(one.rule, one.reason, one.display_name) for one in dropped if they.MANAGER in one.recipient] == [
        (
            "assessment-started-to-factory",
            message_pb2.FAILURE_REASON_ADDRESS_SUPPRESSED,
            f"Person {they.MANAGER}",
        )
    ]
    assert stage.messages(rule="assessment-started-to-factory", channel="inbox")[0]["state"] == "SENT"

    request = lift(etag=row.etag)
    first = line.call(line.deliveries.LiftSuppression, request, **STAFF)
    assert line.call(line.deliveries.LiftSuppression, request, **STAFF) == first
    assert not first.suppression.reason
    assert [one for one in suppressions(line) if they.MANAGER in one.name] == []
    stage.say(they.withdrawn(stage))
    stage.send_what_is_due()
    assert f"{they.MANAGER}@people.example" in stage.mailbox.behaviour.recipients


def test_soft_bounces_are_counted_and_a_delivery_sets_them_back(stage: Stage, line: Line) -> None:
    stage.mailbox.behaviour.answers = {"RCPT": "452 4.2.2 mailbox full"}
    stage.say(they.submitted(stage))
    for _ in range(3):
        stage.send_what_is_due()
        stage.later(they.AN_HOUR)
    leader = f"recipients/{they.LEADER}/suppression"
    assert suppressions(line) == []
    (row,) = suppressions(line, include_counting=True)
    assert (row.name, row.soft_bounces, row.status_code, row.reason) == (leader, 3, "4.2.2", 0)
    stage.mailbox.behaviour.answers = {}
    stage.later(they.AN_HOUR)
    stage.send_what_is_due()
    assert suppressions(line, include_counting=True) == []
    assert [row["state"] for row in stage.messages(recipient=they.LEADER)] == ["SENT", "SENT"]


def test_a_bounce_that_is_reported_afterwards_counts_once(stage: Stage, line: Line) -> None:
    stage.say(they.submitted(stage))
    stage.send_what_is_due()
    (mail,) = stage.messages(channel="email")
    request = report(mail["_id"], "5.7.1")
    answer = line.call(line.deliveries.ReportBounce, request, **SERVER)
    assert answer.suppression.reason == delivery_pb2.SUPPRESSION_REASON_HARD_BOUNCE
    assert line.call(line.deliveries.ReportBounce, request, **SERVER) == answer
    line.call(line.deliveries.ReportBounce, report(mail["_id"], "4.2.2"), **SERVER)
    (row,) = suppressions(line)
    assert (row.status_code, row.soft_bounces) == ("5.7.1", 0)
    (delivery,) = deliveries(line, recipient=f"recipients/{they.LEADER}", state=message_pb2.MESSAGE_STATE_SENT)[:1]
    told = [one for one in deliveries(line) if one.bounce_status_code]
    assert [(one.message, one.bounce_status_code) for one in told] == [(f"messages/{mail['_id']}", "5.7.1")]
    assert delivery.country == "BD"
    facts = list(database.db().facts.find({"type": "amplify.notifications.v1.MessageBounced"}))
    assert len(facts) == 1
    assert b"people.example" not in facts[0]["value"]


def test_who_may_not_see_or_lift_does_not(stage: Stage, line: Line) -> None:
    refused_for_good(stage)
    assert suppressions(line, ELSEWHERE) == []
    assert deliveries(line, ELSEWHERE) == []
    before = stage.messages()
    assert line.refusal(line.deliveries.LiftSuppression, lift(), **ELSEWHERE) == ("NOT_FOUND", "NOT_FOUND", [])
    for method, request in (
        (line.deliveries.ListSuppressions, wire.ListSuppressionsRequest()),
        (line.deliveries.ListDeliveries, wire.ListDeliveriesRequest()),
        (line.deliveries.LiftSuppression, lift()),
        (line.deliveries.ReportBounce, report(before[0]["_id"], "5.1.1")),
    ):
        assert line.refusal(method, request) == ("PERMISSION_DENIED", "PERMISSION_DENIED", [])
    refusal = line.refusal(line.deliveries.ReportBounce, report(before[0]["_id"], "5.1.1"), **STAFF)
    assert refusal == ("PERMISSION_DENIED", "PERMISSION_DENIED", [])
    assert stage.messages() == before


def test_wrong_requests_are_refused_by_field_and_reason(stage: Stage, line: Line) -> None:
    stage.say(they.released(stage))
    stage.mailbox.stop()
    stage.send_what_is_due()
    (unsent,) = stage.messages(rule="report-released-to-factory", channel="email")
    before = list(database.db().recipients.find().sort("_id", 1)), stage.messages()
    listing, lifting, reporting = (
        line.deliveries.ListDeliveries,
        line.deliveries.LiftSuppression,
        line.deliveries.ReportBounce,
    )
    invalid = ("INVALID_ARGUMENT", "INVALID_FIELD")
    cases: list[tuple[Any, Any, dict[str, Any], tuple[str, str, list[str]]]] = [
        (listing, wire.ListDeliveriesRequest(factory="bd-1001"), STAFF, (*invalid, ["factory"])),
        (listing, wire.ListDeliveriesRequest(recipient="recipients/x"), STAFF, (*invalid, ["recipient"])),
        (listing, wire.ListDeliveriesRequest(page_size=-1), STAFF, (*invalid, ["page_size"])),
        (lifting, lift(), STAFF, ("NOT_FOUND", "NOT_FOUND", [])),
        (lifting, lift(), OPERATOR, ("FAILED_PRECONDITION", "NOT_SUPPRESSED", [])),
        (lifting, lift(etag='"99"'), OPERATOR, ("ABORTED", "STALE_ETAG", [])),
        (lifting, lift(request_id="x"), STAFF, (*invalid, ["request_id"])),
        (reporting, report(unsent["_id"], "2.0.0"), SERVER, (*invalid, ["status_code"])),
        (reporting, report(str(uuid.uuid4()), "5.1.1"), SERVER, ("NOT_FOUND", "NOT_FOUND", [])),
        (reporting, report(unsent["_id"], "5.1.1"), SERVER, ("FAILED_PRECONDITION", "MESSAGE_NOT_DELIVERED", [])),
    ]
    for method, request, who, expected in cases:
        assert line.refusal(method, request, **who) == expected, request
    assert (list(database.db().recipients.find().sort("_id", 1)), stage.messages()) == before
