"""Every RPC over a real server: what it answers, what it refuses at which field, and what it never shows."""

import uuid
from typing import Any

import grpc
import neighbours as they
import pytest
from line import Line, Refusal, told
from stage import Stage

from amplify.notifications.v1 import inbox_service_pb2 as inbox
from amplify.notifications.v1 import recipient_pb2
from amplify.notifications.v1 import recipient_service_pb2 as people
from chassis import database

pytestmark = pytest.mark.stack
NOBODY = "00000000-0000-4000-8000-0000000000ff"


@pytest.fixture
def delivered(stage: Stage) -> str:
    """A message in the manager's inbox; its id."""
    they.people(stage)
    stage.say(they.registered(stage), they.enrolled(stage), they.started(stage))
    stage.send_what_is_due()
    (row,) = stage.messages(rule="assessment-started-to-factory", channel="inbox")
    return str(row["_id"])


def mark(id: str, **more: str) -> inbox.MarkMessageReadRequest:
    """A request to mark a message read."""
    return inbox.MarkMessageReadRequest(**{"name": f"messages/{id}", "request_id": str(uuid.uuid4()), **more})


def manager(**changed: Any) -> recipient_pb2.Recipient:
    """The manager's particulars as they would put them."""
    fields = {
        "name": f"recipients/{they.MANAGER}",
        "display_name": "Rana Haddad",
        "email": "rana@factory.example",
        "language": "ar-JO",
        "time_zone": "Asia/Amman",
        "roles": ["factory-manager"],
        "factories": [f"factories/{they.FACTORY}"],
    }
    return recipient_pb2.Recipient(**{**fields, **changed})


def put(**changed: Any) -> people.PutRecipientRequest:
    """A request to put them."""
    return people.PutRecipientRequest(recipient=manager(**changed), request_id=str(uuid.uuid4()))


def test_everybody_reads_their_own_inbox_and_nobody_elses(line: Line, delivered: str) -> None:
    answer = line.call(line.inbox.ListMessages, inbox.ListMessagesRequest())
    (message,) = answer.messages
    assert (answer.total_size, message.name) == (1, f"messages/{delivered}")
    assert message.subject == "An assessment of Blue Delta Knit has started"
    assert (message.factory, message.link, message.country) == ("factories/bd-1001", "/factories/bd-1001", "BD")
    assert line.call(line.inbox.CountUnreadMessages, inbox.CountUnreadMessagesRequest()).unread == 1
    for someone in (they.LEADER, NOBODY):
        mine = line.call(line.inbox.ListMessages, inbox.ListMessagesRequest(), someone, "enterprise-advisor")
        assert mine.total_size == 0


def test_marking_read_is_idempotent_and_narrows_the_unread(line: Line, delivered: str) -> None:
    request = mark(delivered)
    first = line.call(line.inbox.MarkMessageRead, request)
    assert first.message.HasField("read_time")
    assert line.call(line.inbox.MarkMessageRead, request) == first
    again = line.call(line.inbox.MarkMessageRead, mark(delivered))
    assert again.message.read_time == first.message.read_time
    assert line.call(line.inbox.CountUnreadMessages, inbox.CountUnreadMessagesRequest()).unread == 0
    assert line.call(line.inbox.ListMessages, inbox.ListMessagesRequest(unread_only=True)).total_size == 0
    assert database.db().facts.count_documents({"type": "MessageRead"}) == 1


def test_the_inbox_is_paged(line: Line, stage: Stage, delivered: str) -> None:
    stage.say(*(they.granted(stage), they.withdrawn(stage)))
    stage.send_what_is_due()
    names, token = [], ""
    while True:
        page = line.call(line.inbox.ListMessages, inbox.ListMessagesRequest(page_size=1, page_token=token))
        names += [message.name for message in page.messages]
        assert page.total_size == 3
        if not (token := page.next_page_token):
            break
    assert len(set(names)) == 3
    assert names[-1] == f"messages/{delivered}"


def test_wrong_inbox_requests_are_refused_by_field_and_reason(line: Line, stage: Stage, delivered: str) -> None:
    before = stage.messages()
    listing, marking = line.inbox.ListMessages, line.inbox.MarkMessageRead
    cases = [
        (listing, inbox.ListMessagesRequest(page_size=-1), ("INVALID_ARGUMENT", "INVALID_FIELD", ["page_size"])),
        (
            listing,
            inbox.ListMessagesRequest(page_token="x" * 3000),
            ("INVALID_ARGUMENT", "INVALID_FIELD", ["page_token"]),
        ),
        (
            listing,
            inbox.ListMessagesRequest(page_token=NOBODY),
            ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN", ["page_token"]),
        ),
        (marking, mark("not-a-uuid"), ("INVALID_ARGUMENT", "INVALID_FIELD", ["name"])),
        (marking, mark(delivered, request_id=""), ("INVALID_ARGUMENT", "INVALID_FIELD", ["request_id"])),
        (marking, mark(NOBODY), ("NOT_FOUND", "NOT_FOUND", [])),
        (marking, mark(delivered, etag='"99"'), ("ABORTED", "STALE_ETAG", [])),
    ]
    for method, request, expected in cases:
        assert line.refusal(method, request) == expected, request
    stranger = line.refusal(marking, mark(delivered), they.ADVISOR, "enterprise-advisor")
    assert stranger == ("NOT_FOUND", "NOT_FOUND", [])
    (mail,) = stage.messages(rule="assessment-started-to-factory", channel="email")
    stage.say(they.released(stage))
    (undelivered,) = stage.messages(rule="report-released-to-factory", channel="inbox")
    assert line.refusal(marking, mark(undelivered["_id"])) == ("FAILED_PRECONDITION", "MESSAGE_NOT_DELIVERED", [])
    reused = mark(str(mail["_id"]))
    line.call(marking, reused)
    reused.name = f"messages/{delivered}"
    assert line.refusal(marking, reused) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED", [])
    changed = [row["_id"] for row in stage.messages() if row not in before and row["fact_id"] == mail["fact_id"]]
    assert changed == [mail["_id"]]


def test_a_person_keeps_their_own_particulars(line: Line) -> None:
    own = {"factory": they.FACTORY}
    answer = line.call(line.people.PutRecipient, put(), **own)
    got = line.call(line.people.GetRecipient, people.GetRecipientRequest(name=f"recipients/{they.MANAGER}"), **own)
    assert got.recipient == answer.recipient
    stale = people.PutRecipientRequest(recipient=manager(language="en"), etag='"7"', request_id=str(uuid.uuid4()))
    assert line.refusal(line.people.PutRecipient, stale, **own) == ("ABORTED", "STALE_ETAG", [])
    same = line.call(line.people.PutRecipient, put(), **own)
    assert same.recipient.etag == answer.recipient.etag


@pytest.mark.parametrize(
    "greed",
    [
        {"roles": ["country-manager"]},
        {"countries": ["BD"]},
        {"organisations": ["organisations/north-sea-apparel"]},
        {"factories": ["factories/bd-2002"]},
    ],
    ids=lambda greed: next(iter(greed)),
)
def test_nobody_gives_themselves_more_than_their_token_holds(line: Line, greed: dict[str, Any]) -> None:
    field = f"recipient.{next(iter(greed))}"
    refusal = line.refusal(line.people.PutRecipient, put(**greed), factory=they.FACTORY)
    assert refusal == ("INVALID_ARGUMENT", "RECIPIENT_INVALID", [field])
    assert database.db().recipients.count_documents({}) == 0


def test_nobody_reads_or_keeps_somebody_elses_particulars_but_operators(line: Line, stage: Stage) -> None:
    they.people(stage)
    get = people.GetRecipientRequest(name=f"recipients/{they.MANAGER}")
    other = (they.ADVISOR, "enterprise-advisor")
    assert line.refusal(line.people.GetRecipient, get, *other) == ("NOT_FOUND", "NOT_FOUND", [])
    denied: Refusal = ("PERMISSION_DENIED", "PERMISSION_DENIED", [])
    assert line.refusal(line.people.PutRecipient, put(), *other) == denied
    answer = line.call(line.people.PutRecipient, put(), "operator-1", "sre")
    assert answer.recipient.email == "rana@factory.example"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("display_name", "", "INVALID_FIELD"),
        ("display_name", "Rana\r\nBcc: x@y.example", "RECIPIENT_INVALID"),
        ("email", "x", "INVALID_FIELD"),
        ("email", "rana@localhost", "RECIPIENT_INVALID"),
        ("email", "a@b.example, c@d.example", "RECIPIENT_INVALID"),
        ("language", "arabic", "RECIPIENT_INVALID"),
        ("time_zone", "Amman", "RECIPIENT_INVALID"),
        ("name", "recipients/rana", "INVALID_FIELD"),
        ("roles", ["Factory Manager"], "INVALID_FIELD"),
        ("factories", ["bd-1001"], "INVALID_FIELD"),
    ],
)
def test_wrong_particulars_are_refused_at_their_field(line: Line, field: str, value: Any, reason: str) -> None:
    code, told_reason, fields = line.refusal(line.people.PutRecipient, put(**{field: value}), "operator-1", "sre")
    assert (code, told_reason) == ("INVALID_ARGUMENT", reason)
    assert [one.split("[")[0] for one in fields] == [f"recipient.{field}"]
    assert database.db().recipients.count_documents({}) == 0


def test_staff_see_the_names_of_colleagues_in_their_countries_only(line: Line, stage: Stage) -> None:
    they.people(stage)
    ask, me = line.people.ListColleagues, (they.LEADER, "team-leader")
    advisors = people.ListColleaguesRequest(role="enterprise-advisor", country="BD")
    found = line.call(ask, advisors, *me, countries=["BD"])
    assert [(one.recipient, one.display_name) for one in found.colleagues] == [
        (f"recipients/{they.ADVISOR}", f"Person {they.ADVISOR}")
    ]
    assert found.total_size == 1
    assert line.call(ask, advisors, *me, countries=["KH"]).total_size == 0
    assert line.refusal(ask, advisors, they.MANAGER, "factory-manager")[0] == "PERMISSION_DENIED"
    bad = people.ListColleaguesRequest(role="X", country="Bangladesh")
    assert line.refusal(ask, bad, *me) == ("INVALID_ARGUMENT", "INVALID_FIELD", ["role", "country"])


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ([], "TOKEN_MISSING"),
        ([("authorization", "Basic abc")], "TOKEN_INVALID"),
        ([("authorization", "Bearer not.a.token")], "TOKEN_INVALID"),
        ([("authorization", "Bearer " + "x" * 9000)], "TOKEN_INVALID"),
    ],
)
def test_without_a_good_token_nothing_is_answered(line: Line, metadata: list[tuple[str, str]], reason: str) -> None:
    calls: list[tuple[Any, Any]] = [
        (line.inbox.ListMessages, inbox.ListMessagesRequest()),
        (line.inbox.MarkMessageRead, mark(NOBODY)),
        (line.inbox.CountUnreadMessages, inbox.CountUnreadMessagesRequest()),
        (line.people.PutRecipient, put()),
        (line.people.GetRecipient, people.GetRecipientRequest(name=f"recipients/{NOBODY}")),
        (line.people.ListColleagues, people.ListColleaguesRequest(role="team-leader", country="BD")),
    ]
    for method, request in calls:
        with pytest.raises(grpc.RpcError) as refused:
            method(request, metadata=metadata, timeout=60)
        assert told(refused.value) == ("UNAUTHENTICATED", reason, [])
