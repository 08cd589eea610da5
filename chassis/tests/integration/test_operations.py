"""What an operator does about parked facts over gRPC, and what the answer says of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import grpc
import ledger
import pytest
import raw
from callers import Issuer
from harness import World

from amplify.platform.v1 import operations_service_pb2 as api
from amplify.platform.v1.operations_service_pb2_grpc import OperationsServiceStub
from chassis import operations
from chassis.applying import Applier, Record
from chassis.database import db
from chassis.grpc_server import Server
from chassis.ids import new_id
from chassis.operations_api import operations_api

pytestmark = pytest.mark.stack
NAME = "greeter@1"
Token = tuple[tuple[str, str | bytes], ...]
STRANGE = Record(ledger.STREAM, 3, 1042, b"?", ())


@pytest.fixture(scope="module")
def operator(store: World, trusted: Issuer) -> Iterator[OperationsServiceStub]:
    """A client of the operations of a server."""
    settings = store.settings.model_copy(update=trusted.settings)
    server = Server(settings, [operations_api("ledger", ledger.CONSUMERS, settings)])
    server.start()
    noted = {"live_from": {}, "topics": {}, "remade": [], "remakes": 0, "first_start": datetime.now(UTC)}
    db().consumers.insert_one({"_id": NAME, **noted})
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield OperationsServiceStub(channel)
    server.stop()


@pytest.fixture
def sre(trusted: Issuer) -> Token:
    """An operator's token."""
    return (("authorization", f"Bearer {trusted.token(roles=['sre'])}"),)


def applied(*sequences: int, key: str) -> Applier:
    """The consumer, to which these facts of an aggregate came."""
    one = Applier(ledger.POLICY_READER, 1, lambda _: True)
    one.apply([_record(key, sequence) for sequence in sequences])
    return one


def _record(key: str, sequence: int) -> Record:
    headers, value = raw.fact(key, sequence, sequence)
    return Record(ledger.STREAM, 0, sequence, value, tuple(headers))


def amounts(key: str) -> list[int]:
    """The effects."""
    row = db().counted.find_one({"_id": key})
    return row["amounts"] if row else []


def skip(operator: OperationsServiceStub, sre: Token, **fields: object) -> api.SkipParkedResponse:
    """Give up what the fields name."""
    usual = {"consumer": NAME, "stream": ledger.STREAM, "reason": "never right", "request_id": new_id()}
    request = api.SkipParkedRequest(**usual | fields)  # type: ignore[arg-type]
    answer: api.SkipParkedResponse = operator.SkipParked(request, metadata=sre, timeout=30)
    return answer


def test_a_skip_behind_a_gap_says_how_many_missing_facts_it_gives_up(
    operator: OperationsServiceStub, sre: Token
) -> None:
    """Those that come later after all have no effect; what follows goes on."""
    reader = applied(1, 4, 5, key="gap")
    answer = skip(operator, sre, key="gap", sequence=4)
    assert (answer.missing_given_up, answer.still_parked) == (2, 1)
    reader.apply([_record("gap", 2), _record("gap", 3)])
    assert amounts("gap") == [1, 5]
    noted = db().operator_actions.find_one({"action": "skip", "target": {"$regex": "gap"}})
    assert noted is not None
    assert (noted["missing_given_up"], noted["reason"], noted["actor"]) == (2, "never right", "clerk-1")


def test_a_skip_of_the_next_fact_gives_up_nothing_else(operator: OperationsServiceStub, sre: Token) -> None:
    reader = applied(1, key="poisoned")
    headers, _ = raw.fact("poisoned", 2, 2)
    reader.apply([Record(ledger.STREAM, 0, 2, b"\xff\xff", tuple(headers))])
    assert skip(operator, sre, key="poisoned", sequence=2).missing_given_up == 0


def test_an_unreadable_record_is_dismissed_by_its_place_once_and_for_the_record(
    operator: OperationsServiceStub, sre: Token
) -> None:
    reader = Applier(ledger.POLICY_READER, 1, lambda _: True)
    for _ in range(2):
        reader.apply([STRANGE])
    assert db().parked.count_documents({"reason": "unreadable"}) == 1
    same = {"record_position": "3:1042", "request_id": new_id()}
    assert skip(operator, sre, **same) == skip(operator, sre, **same)
    assert db().parked.count_documents({"reason": "unreadable"}) == 0
    noted = list(db().operator_actions.find({"action": "dismiss"}))
    assert [(row["target"], row["reason"]) for row in noted] == [(f"{NAME}/{ledger.STREAM}/3/1042", "never right")]
    with pytest.raises(grpc.RpcError) as refusal:
        skip(operator, sre, record_position="3:1042")
    assert refusal.value.code() is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "key"),
        ({"key": "gap"}, "sequence"),
        ({"key": "gap", "sequence": 4, "record_position": "3:1042"}, "record_position"),
        ({"record_position": "3-1042"}, "record_position"),
        ({"record_position": "3:1042", "reason": ""}, "reason"),
    ],
)
def test_a_skip_that_names_no_one_thing_is_refused_and_changes_nothing(
    operator: OperationsServiceStub, sre: Token, fields: dict[str, object], named: str
) -> None:
    before = list(db().parked.find()), list(db().operator_actions.find())
    with pytest.raises(grpc.RpcError) as refusal:
        skip(operator, sre, **fields)
    assert refusal.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert named in str(refusal.value.details())
    assert (list(db().parked.find()), list(db().operator_actions.find())) == before


def test_whatever_is_parked_is_listed_however_much_it_is(store: World) -> None:
    mine = [
        {"_id": f"many@1/{number:04}", "consumer": "many@1", "parked_at": datetime.now(UTC)} for number in range(700)
    ]
    db().parked.insert_many(mine)
    listed = [row["_id"] for row in operations.parked() if row["consumer"] == "many@1"]
    assert sorted(listed) == [row["_id"] for row in mine]
    db().parked.delete_many({"consumer": "many@1"})


def test_only_an_operator_dismisses(operator: OperationsServiceStub, trusted: Issuer) -> None:
    clerk = (("authorization", f"Bearer {trusted.token()}"),)
    with pytest.raises(grpc.RpcError) as refusal:
        skip(operator, clerk, record_position="3:1042")
    assert refusal.value.code() is grpc.StatusCode.PERMISSION_DENIED
