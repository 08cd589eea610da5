"""The port for partners: its tokens, its streams, its limits; and overload that is refused with a hint anywhere."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import ledger_rpc
import pytest
import stream_rpc
from callers import Issuer
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from harness import World
from ledger_rpc import call, refused

from chassis import grpc_client
from chassis.grpc_server import DRAIN_SECONDS, Server
from chassis.service import Service, partner_server
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack


@pytest.fixture
def streams() -> stream_rpc.Servicer:
    """The servicer behind the port."""
    return stream_rpc.Servicer()


@pytest.fixture
def server(store: World, trusted: Issuer, streams: stream_rpc.Servicer) -> Iterator[Server]:
    """The port for partners with four places for streams, one of each caller."""
    settings = store.settings.model_copy(update={**trusted.settings, "grpc_partner_max_streams": 4})
    made = partner_server(Service("test", partner_apis=[stream_rpc.api(streams)], partner_roles=["reader"]), settings)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def channel(server: Server) -> Iterator[grpc.Channel]:
    """A partner's channel."""
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as made:
        yield made


def token_of(trusted: Issuer, subject: str = "p1", **claims: Any) -> str:
    usual = {"sub": subject, "aud": "amplify-partner", "roles": ["reader"]}
    return trusted.token(**usual | {"exp": datetime.now(UTC) + timedelta(minutes=10)} | claims)


def why(error: grpc.RpcError) -> tuple[str, str, float]:
    """Code, reason, and the seconds after which to try again."""
    status = rpc_status.from_call(error)
    assert status is not None, error
    info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(retry)
    return error.code().name, info.reason, retry.retry_delay.seconds


def refusal(stream: Any) -> grpc.RpcError:
    """What ends a stream."""
    with pytest.raises(grpc.RpcError) as caught:
        for _ in stream:
            pass
    return caught.value


def ending(stream: Any) -> tuple[str, str, float]:
    """How a stream ends."""
    return why(refusal(stream))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "amplify"}, "TOKEN_INVALID"),
        ({"exp": datetime(2100, 1, 1, tzinfo=UTC)}, "TOKEN_LIVES_TOO_LONG"),
        ({"roles": ["clerk"]}, "PERMISSION_DENIED"),
        ({"roles": []}, "PERMISSION_DENIED"),
    ],
)
def test_a_token_that_is_not_a_partners_opens_nothing(
    channel: grpc.Channel, trusted: Issuer, claims: dict[str, Any], reason: str
) -> None:
    assert ending(stream_rpc.follow(channel, token_of(trusted, **claims)))[1] == reason


def test_roles_that_are_no_partners_are_not_seen(channel: grpc.Channel, trusted: Issuer) -> None:
    """A token that names a role of staff too gains nothing by it."""
    stream = stream_rpc.follow(channel, token_of(trusted, roles=["reader", "clerk"]))
    assert next(stream).text == "p1"
    stream.cancel()


def test_a_stream_ends_with_its_token(channel: grpc.Channel, trusted: Issuer) -> None:
    stream = stream_rpc.follow(channel, token_of(trusted, exp=datetime.now(UTC) + timedelta(seconds=2)))
    began = time.monotonic()
    assert ending(stream)[:2] == ("UNAUTHENTICATED", "TOKEN_INVALID")
    assert time.monotonic() - began < 20


def test_streams_have_places_and_nobody_takes_all(
    channel: grpc.Channel, trusted: Issuer, streams: stream_rpc.Servicer
) -> None:
    held = [stream_rpc.follow(channel, token_of(trusted, f"p{number}")) for number in range(4)]
    assert [next(stream).text for stream in held] == ["p0", "p1", "p2", "p3"]
    assert ending(stream_rpc.follow(channel, token_of(trusted, "p9"))) == ("RESOURCE_EXHAUSTED", "OVERLOADED", 1)
    held.pop().cancel()
    assert streams.closed.acquire(timeout=30), "a caller that has gone ends its stream"
    taker = token_of(trusted, "p0")
    wait_until(
        lambda: "as many streams" in (refusal(stream_rpc.follow(channel, taker)).details() or ""),
        what="a caller that has gone gives its place back",
    )
    assert ending(stream_rpc.follow(channel, taker)) == ("RESOURCE_EXHAUSTED", "OVERLOADED", 1)
    again = stream_rpc.follow(channel, token_of(trusted, "p9"))
    assert next(again).text == "p9"
    for stream in (*held, again):
        stream.cancel()


def test_a_server_that_stops_sends_its_streams_elsewhere(
    server: Server, channel: grpc.Channel, trusted: Issuer
) -> None:
    stream = stream_rpc.follow(channel, token_of(trusted))
    next(stream)
    began = time.monotonic()
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    assert ending(stream) == ("UNAVAILABLE", "UNAVAILABLE", 1)
    stopping.join(60)
    assert not stopping.is_alive()
    assert time.monotonic() - began < DRAIN_SECONDS


def test_a_port_without_partners_refuses_streams_at_start(store: World, trusted: Issuer) -> None:
    settings = store.settings.model_copy(update=trusted.settings)
    with pytest.raises(LookupError, match="Follow"):
        Server(settings, [stream_rpc.api(stream_rpc.Servicer())])
    with pytest.raises(TypeError, match="roles"):
        Service("test", partner_apis=[stream_rpc.api(stream_rpc.Servicer())])


def test_overload_is_refused_early_with_a_hint(store: World, trusted: Issuer, token: str) -> None:
    """Two work, two wait, and every further one hears at once when to come back, while the four are under way."""
    servicer = ledger_rpc.Servicer()
    limits = {"grpc_threads": 2, "grpc_max_concurrent_rpcs": 4}
    server = Server(store.settings.model_copy(update=trusted.settings | limits), [ledger_rpc.api(servicer)])
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, ThreadPoolExecutor(40) as pool:

        def ask() -> tuple[str, str, float]:
            with pytest.raises(grpc.RpcError) as caught:
                call(channel, "WaitAccount", token, timeout=90, account_id="none")
            return why(caught.value)

        asked = [pool.submit(ask) for _ in range(34)]
        try:
            wait_until(lambda: sum(one.done() for one in asked) >= 30, 40, "thirty hear while four are under way")
            held = [one for one in asked if not one.done()]
            assert len(held) == 4
        finally:
            servicer.leave.set()
        answers = {one.result(60) for one in asked if one not in held}
        assert answers == {("RESOURCE_EXHAUSTED", "OVERLOADED", 1)}
        assert {one.result(60)[0] for one in held} == {"NOT_FOUND"}
    server.stop()


def test_a_call_that_a_draining_server_never_began_is_tried_again() -> None:
    """It gives CANCELLED in the first moment of its drain; another server, or the next one here, answers."""
    asked: list[int] = []

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        asked.append(1)
        if len(asked) == 1:
            context.abort(grpc.StatusCode.CANCELLED, "draining")
        return b"done"

    server = grpc.server(ThreadPoolExecutor(2))
    handlers: Any = {"Do": grpc.unary_unary_rpc_method_handler(answer)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Drain", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc_client.channel(f"127.0.0.1:{port}", lambda: "t") as channel:
        do: Any = channel.unary_unary("/test.Drain/Do")
        assert do(b"") == b"done"
    assert len(asked) == 2
    server.stop(0)


def test_the_inner_port_takes_no_partners_token(store: World, trusted: Issuer) -> None:
    server = Server(store.settings.model_copy(update=trusted.settings), [ledger_rpc.api()])
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        token = token_of(trusted, roles=["clerk"])
        assert refused(lambda: call(channel, "GetAccount", token, account_id="x"))[1] == "TOKEN_INVALID"
    server.stop()
