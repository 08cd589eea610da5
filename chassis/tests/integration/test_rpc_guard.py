"""The guard at the edge: no bad token passes, nothing leaks, no call is lost in a drain, no door is left open."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import jwt
import ledger
import ledger_rpc
import pytest
from callers import Issuer
from cryptography.hazmat.primitives.asymmetric import rsa
from google.protobuf import descriptor_pb2, descriptor_pool
from harness import World
from ledger_rpc import LEAKY, call, refused

from chassis import logs, telemetry
from chassis.database import db
from chassis.grpc_server import Api, Server
from chassis.ids import new_id
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack


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
        assert token not in text


def test_a_call_under_way_is_finished_and_new_ones_are_refused_while_draining(
    store: World, trusted: Issuer, token: str
) -> None:
    """A rolling deploy loses no call."""
    servicer = ledger_rpc.Servicer()
    server = Server(store.settings.model_copy(update=trusted.settings), [ledger_rpc.api(servicer)])
    server.start()
    ledger.open_account(id := new_id())
    owner = trusted.token(owners=[f"owner of {id}"])

    def refusal() -> grpc.StatusCode | None:
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as late:
            try:
                call(late, "GetAccount", owner, account_id=id)
            except grpc.RpcError as error:
                return error.code()
        return None

    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(call, channel, "WaitAccount", token, timeout=60, account_id=id)
        try:
            assert servicer.entered.wait(30)
            stopping = pool.submit(server.stop)
            refused_with = wait_until(refusal, 40, "new calls are refused")
            assert refused_with in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
            assert not waiting.done()
        finally:
            servicer.leave.set()
            server.stop()
        assert waiting.result(60).id == id
        stopping.result(60)


def test_a_server_does_not_start_with_an_rpc_that_has_no_policy_or_is_not_guarded(
    store: World, trusted: Issuer
) -> None:
    """Forgetting a rule must not open a door; a stream would pass the guard by."""
    file = descriptor_pb2.FileDescriptorProto(name="test/bare.proto", package="test.bare", syntax="proto3")
    file.message_type.add(name="Empty")
    for name, streaming in (("BareService", False), ("StreamService", True)):
        method = "GetAccount" if streaming else "Forgotten"
        file.service.add(name=name).method.add(
            name=method, input_type=".test.bare.Empty", output_type=".test.bare.Empty", server_streaming=streaming
        )
    descriptor_pool.Default().Add(file)
    settings = store.settings.model_copy(update=trusted.settings)
    for name, complaint in (("BareService", "Forgotten"), ("StreamService", "GetAccount")):
        descriptor = descriptor_pool.Default().FindServiceByName(f"test.bare.{name}")
        with pytest.raises(LookupError, match=complaint):
            Server(settings, [Api(descriptor, object(), lambda *_: None)])
