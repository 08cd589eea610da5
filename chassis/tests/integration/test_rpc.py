"""The edge: who calls is known, a retry has one effect, and nothing that a request or an exception says leaks."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import jwt
import ledger
import ledger_rpc
import pytest
from clients import Issuer
from cryptography.hazmat.primitives.asymmetric import rsa
from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from harness import World
from ledger_rpc import LEAKY, call

from chassis import fail_points, logs, telemetry
from chassis.database import db
from chassis.fail_points import FailPointReached
from chassis.grpc_server import Api, Server
from chassis.ids import new_id

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def trusted() -> Iterator[Issuer]:
    """Whose tokens the server accepts."""
    made = Issuer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def servicer() -> ledger_rpc.Servicer:
    """The servicer, for tests that hold a call open."""
    return ledger_rpc.Servicer()


@pytest.fixture(scope="module")
def channel(store: World, trusted: Issuer, servicer: ledger_rpc.Servicer) -> Iterator[grpc.Channel]:
    """A client's channel to the running server."""
    settings = store.settings.model_copy(update=trusted.settings)
    server = Server(settings, [ledger_rpc.api(servicer)])
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as made:
        yield made
    server.stop()


@pytest.fixture(scope="module")
def token(trusted: Issuer) -> str:
    """A clerk's token."""
    return trusted.token(owners=["me"])


def refused(work: Callable[[], Any]) -> tuple[grpc.StatusCode, str]:
    """The code and the reason of the refusal."""
    with pytest.raises(grpc.RpcError) as caught:
        work()
    status = rpc_status.from_call(caught.value)
    assert status is not None, caught.value
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.domain == "amplify"
    assert LEAKY not in str(caught.value)
    return caught.value.code(), info.reason


def opened(channel: grpc.Channel, token: str) -> str:
    """A fresh account."""
    id = new_id()
    call(channel, "OpenAccount", token, request_id=new_id(), account_id=id, owner="me")
    return id


def balance(id: str) -> int:
    """What is stored."""
    row = db().accounts.find_one({"_id": id})
    return row["balance"] if row else -1


def test_the_same_request_id_has_one_effect_and_the_same_answer(channel: grpc.Channel, token: str) -> None:
    """However often, and also when several arrive at once."""
    id, request_id = opened(channel, token), new_id()
    answers: list[Any] = []

    def ask() -> None:
        fields = {"request_id": request_id, "account_id": id, "amount": 5}
        answers.append(call(channel, "CreditAccount", token, timeout=20, **fields))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [answers[0]] * 6
    assert answers[0].balance == balance(id) == 5


def test_an_answer_that_was_lost_after_the_commit_is_given_again(channel: grpc.Channel, token: str) -> None:
    """The answer is stored with its effect, so that the retry finds it."""
    id = opened(channel, token)
    fields = {"request_id": new_id(), "account_id": id, "amount": 7}

    def lose() -> None:
        raise FailPointReached

    fail_points.hook("work.committed", lose)
    try:
        refused(lambda: call(channel, "CreditAccount", token, **fields))
    finally:
        fail_points.hook("work.committed", None)
    assert call(channel, "CreditAccount", token, **fields).balance == 7
    assert balance(id) == 7


def test_the_same_id_with_another_request_is_refused(channel: grpc.Channel, token: str) -> None:
    """And nothing changes."""
    id, request_id = opened(channel, token), new_id()
    call(channel, "CreditAccount", token, request_id=request_id, account_id=id, amount=1)
    other = refused(lambda: call(channel, "CreditAccount", token, request_id=request_id, account_id=id, amount=2))
    assert other == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert balance(id) == 1


def test_request_ids_of_two_callers_do_not_meet(channel: grpc.Channel, trusted: Issuer, token: str) -> None:
    """A caller cannot read another's answer by guessing an id."""
    id, request_id = opened(channel, token), new_id()
    fields = {"request_id": request_id, "account_id": id, "amount": 1}
    call(channel, "CreditAccount", token, **fields)
    assert call(channel, "CreditAccount", trusted.token(sub="clerk-2"), **fields).balance == 2


def test_a_mutation_without_a_request_id_is_refused(channel: grpc.Channel, token: str) -> None:
    """All such requests of a caller would otherwise be taken for one."""
    code, reason = refused(lambda: call(channel, "OpenAccount", token, account_id=new_id(), owner="me"))
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD")


def test_a_refusal_is_judged_afresh(channel: grpc.Channel, token: str) -> None:
    """It changed nothing, so the same request may succeed later."""
    id = new_id()
    fields = {"request_id": new_id(), "account_id": id, "amount": 3}
    assert refused(lambda: call(channel, "CreditAccount", token, **fields))[0] is grpc.StatusCode.NOT_FOUND
    call(channel, "OpenAccount", token, request_id=new_id(), account_id=id, owner="me")
    assert call(channel, "CreditAccount", token, **fields).balance == 3


def test_an_earlier_answer_is_given_before_the_etag_is_judged(channel: grpc.Channel, token: str) -> None:
    """A retry carries the etag of its first try, which its own effect has made stale."""
    id = opened(channel, token)
    fields = {"request_id": new_id(), "account_id": id, "amount": 1, "etag": '"1"'}
    assert call(channel, "CreditAccount", token, **fields) == call(channel, "CreditAccount", token, **fields)
    stale = refused(lambda: call(channel, "CreditAccount", token, **(fields | {"request_id": new_id()})))
    assert stale == (grpc.StatusCode.ABORTED, "STALE_ETAG")


def test_a_caller_reads_only_what_its_rules_allow(channel: grpc.Channel, trusted: Issuer, token: str) -> None:
    """Another's account looks like none, and a role without the right is told so."""
    id = opened(channel, token)
    assert call(channel, "GetAccount", token, account_id=id).id == id
    stranger = trusted.token(sub="clerk-3", owners=["somebody-else"])
    assert refused(lambda: call(channel, "GetAccount", stranger, account_id=id))[0] is grpc.StatusCode.NOT_FOUND
    visitor = trusted.token(roles=["visitor"])
    denied = refused(lambda: call(channel, "GetAccount", visitor, account_id=id))
    assert denied == (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED")


def bad_tokens(trusted: Issuer) -> dict[str, str]:
    """Tokens that must not pass."""
    good = trusted.token()
    header, claims, signature = good.split(".")
    content = jwt.decode(good, options={"verify_signature": False})
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    past = datetime.now(UTC) - timedelta(hours=2)
    return {
        "missing": "",
        "malformed": "nonsense",
        "three empty parts": "..",
        "cut": good[:-10],
        "other claims": f"{header}.{claims[:-4]}AAAA.{signature}",
        "expired": trusted.token(iat=past, exp=past + timedelta(hours=1)),
        "other issuer": trusted.token(iss="https://elsewhere.test"),
        "other audience": trusted.token(aud="another-system"),
        "not valid yet": trusted.token(nbf=datetime.now(UTC) + timedelta(hours=1)),
        "without an end": trusted.token(exp=None),
        "without a subject": jwt.encode(
            {name: value for name, value in content.items() if name != "sub"}, trusted.key, "RS256", {"kid": "test"}
        ),
        "unsigned": jwt.encode(content, "", "none", {"kid": "test"}),
        "another key": jwt.encode(content, stranger, "RS256", {"kid": "test"}),
        "unknown key id": jwt.encode(content, trusted.key, "RS256", {"kid": "other"}),
        "a shared secret": jwt.encode(content, "s" * 40, "HS256", {"kid": "test"}),
        "oversized": trusted.token(padding="x" * 9000),
    }


def test_no_bad_token_passes(channel: grpc.Channel, trusted: Issuer) -> None:
    """Each is refused the same way, and nothing is changed."""
    before = db().accounts.count_documents({})
    for name, bad in bad_tokens(trusted).items():
        code, reason = refused(
            lambda bad=bad: call(channel, "OpenAccount", bad, request_id=new_id(), account_id=new_id(), owner="x")
        )
        assert code is grpc.StatusCode.UNAUTHENTICATED, name
        assert reason == ("TOKEN_MISSING" if name == "missing" else "TOKEN_INVALID"), name
    assert db().accounts.count_documents({}) == before


def test_an_unexpected_exception_is_internal_and_says_nothing(channel: grpc.Channel, token: str) -> None:
    """Its text may repeat a stored value."""
    assert refused(lambda: call(channel, "BreakAccount", token, account_id="x")) == (
        grpc.StatusCode.INTERNAL,
        "INTERNAL",
    )


def test_logs_and_spans_carry_no_request_field_and_no_exception_text(
    store: World, trusted: Issuer, token: str, tmp_path: Path
) -> None:
    """A canary in every field, through success, refusal, fault and policy; only ids and codes may be seen."""
    canary = "canary-9e107d9d"
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(logs.JsonFormatter("test").format(record))

    keep = Keep(logging.DEBUG)
    root = logging.getLogger()
    level, handlers = root.level, root.handlers
    root.handlers, root.level = [keep], logging.DEBUG
    settings = store.settings.model_copy(update={**trusted.settings, "spans_dir": tmp_path})
    telemetry.configure(settings, "canary")
    server = Server(settings, [ledger_rpc.api()])
    server.start()
    id = new_id()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            call(channel, "OpenAccount", token, request_id=new_id(), account_id=id, owner=canary)
            refused(lambda: call(channel, "OpenAccount", token, request_id=new_id(), account_id=id, owner=canary))
            refused(lambda: call(channel, "BreakAccount", token, account_id=canary))
            refused(lambda: call(channel, "GetAccount", token, account_id=canary))
            refused(lambda: call(channel, "GetAccount", f"{canary}.x.y", account_id=canary))
    finally:
        server.stop()
        root.handlers, root.level = handlers, level
        telemetry.flush()
    spans = "".join(file.read_text() for file in tmp_path.glob("*.jsonl"))
    assert len(spans.splitlines()) >= 5
    assert any("BreakAccount" in line for line in written)
    for text in (*written, spans):
        assert canary not in text
        assert LEAKY not in text
        assert "me" not in json.dumps(token.split(".")[1]) or token not in text


def test_a_call_under_way_is_finished_and_new_ones_are_refused_while_draining(
    store: World, trusted: Issuer, token: str
) -> None:
    """A rolling deploy loses no call."""
    servicer = ledger_rpc.Servicer()
    server = Server(store.settings.model_copy(update=trusted.settings), [ledger_rpc.api(servicer)])
    server.start()
    ledger.open_account(id := new_id())
    answers: list[Any] = []
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        waiting = threading.Thread(
            target=lambda: answers.append(call(channel, "WaitAccount", token, timeout=20, account_id=id))
        )
        waiting.start()
        assert servicer.entered.wait(10)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as late, pytest.raises(grpc.RpcError) as caught:
            call(late, "GetAccount", token, timeout=5, account_id=id)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        servicer.leave.set()
        waiting.join(20)
        stopping.join(20)
    assert [answer.id for answer in answers] == [id]
    assert not stopping.is_alive()


def test_a_server_does_not_start_with_an_rpc_that_has_no_policy_or_is_not_guarded(
    store: World, trusted: Issuer
) -> None:
    """Forgetting a rule must not open a door; a stream would pass the guard by."""
    from google.protobuf import descriptor_pool

    file = descriptor_pb2.FileDescriptorProto(name="test/bare.proto", package="test.bare", syntax="proto3")
    file.message_type.add(name="Empty")
    for name, streaming in (("BareService", False), ("StreamService", True)):
        method = "GetAccount" if streaming else "Forgotten"
        file.service.add(name=name).method.add(
            name=method, input_type=".test.bare.Empty", output_type=".test.bare.Empty", server_streaming=streaming
        )
    descriptor_pool.Default().Add(file)  # type: ignore[no-untyped-call]
    settings = store.settings.model_copy(update=trusted.settings)
    for name, complaint in (("BareService", "Forgotten"), ("StreamService", "GetAccount")):
        descriptor = descriptor_pool.Default().FindServiceByName(f"test.bare.{name}")
        with pytest.raises(LookupError, match=complaint):
            Server(settings, [Api(descriptor, object(), lambda *_: None)])
