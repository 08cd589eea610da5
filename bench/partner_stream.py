"""How late, and how fast, partners hear of changes: consents asked for, masked, audited; against bare streams."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc

from amplify.assessment.v1.partner_service_pb2 import WatchChangesResponse
from bench.measuring import Comparison, compare, quantile
from bench.partner_world import Partners, Watcher, started_partners
from bench.stack import Stack

CHANGES = 60
PAUSE = 0.25
"""A change every quarter of a second: delay is compared, not throughput."""

BACKLOG = 2000
"""Changes that a partner catches up on which was away."""

WATCHERS = (1, 50)


def run(stack: Stack) -> list[Comparison]:
    """Delay from commit to arrival, beside a bare change stream; and changes a second to all watchers together, beside
    a bare gRPC stream of the same message."""
    with started_partners(stack) as partners:
        rows = [row for count in WATCHERS for row in _delays(partners, count)]
        return rows + [_throughput(partners, count) for count in WATCHERS]


@contextmanager
def _watching(partners: Partners, count: int, token: str = "") -> Iterator[list[Watcher]]:
    watchers = [partners.watcher(number, token) for number in range(count)]
    try:
        yield watchers
    finally:
        for watcher in watchers:
            watcher.close()


def _delays(partners: Partners, count: int) -> list[Comparison]:
    bare: list[float] = []
    with _watching(partners, count) as watchers, partners.feed().watch(max_await_time_ms=1000) as changes:
        for watcher in watchers:
            if not watcher.current.wait(60):
                raise TimeoutError("a watcher gets no heartbeat")
        changes.try_next()
        told: dict[str, float] = {}
        for _ in range(CHANGES):
            (id,), at = partners.tell()
            told[id] = at
            bare.append(_seen(changes, id) - at)
            time.sleep(PAUSE)
        for watcher in watchers:
            watcher.await_event(id)
        ours = [watcher.arrived[id] - at for watcher in watchers for id, at in told.items()]
    what = f"change to {count} watcher{'s' * (count > 1)}"
    shares = (0.5, 0.99)
    both = [(share, quantile(ours, share) * 1000, quantile(bare, share) * 1000) for share in shares]
    return [compare(f"{what}, p{share * 100:.0f}", [mine], [its], "ms") for share, mine, its in both]


def _seen(changes: Any, id: str) -> float:
    """When a bare reader in this process has the row."""
    while True:
        change = changes.try_next()
        if change is not None and change.get("fullDocument", {}).get("event_id") == id:
            return time.time()


def _throughput(partners: Partners, count: int) -> Comparison:
    with _watching(partners, 1) as (first,):
        first.current.wait(60)
        token = first.token
    for _ in range(BACKLOG // 100):
        (*_, last), _at = partners.tell(100)
    began = time.time()
    with _watching(partners, count, token) as watchers:
        for watcher in watchers:
            watcher.await_event(last)
        ours = count * BACKLOG / (max(watcher.arrived[last] for watcher in watchers) - began)
    bare = count * BACKLOG / _bare(count)
    return compare(f"catching up, {count} at once", [ours], [bare], "changes/s")


def _bare(count: int) -> float:
    """Seconds until so many bare clients have the same number of messages of the same size."""
    message = WatchChangesResponse(resume_token="t" * 120).SerializeToString() * 12

    def stream(_: bytes, __: grpc.ServicerContext) -> Iterator[bytes]:
        return (message for _ in range(BACKLOG))

    server = grpc.server(ThreadPoolExecutor(count + 2))
    handler: Any = grpc.unary_stream_rpc_method_handler(stream)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Bare", {"Stream": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    def read(_: int) -> int:
        with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)]) as channel:
            call: Any = channel.unary_stream("/bench.Bare/Stream")
            return len(list(call(b"")))

    began = time.time()
    with ThreadPoolExecutor(count) as pool:
        assert list(pool.map(read, range(count))) == [BACKLOG] * count
    taken = time.time() - began
    server.stop(0)
    return taken
