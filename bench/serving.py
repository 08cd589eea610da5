"""A service in a process of its own, as it runs in production, and what it says of its own time."""

import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import grpc

from bench.issuer import Issuer
from chassis import grpc_client
from chassis.settings import Settings

PATIENCE_SECONDS = 180


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody uses at this moment."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def environment_of(settings: Settings, issuer: Issuer, port: int) -> dict[str, str]:
    """The variables of a service that serves gRPC on `port` and accepts the issuer's tokens."""
    return {
        "ENVIRONMENT": "test",
        "MONGODB_URI": settings.mongodb_uri,
        "MONGODB_DATABASE": settings.mongodb_database,
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "TOPIC_PREFIX": settings.topic_prefix,
        "OIDC_ISSUER": issuer.url,
        "GRPC_PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def running(service: str, environment: Mapping[str, str]) -> Iterator[int]:
    """The service's gRPC role, once it takes connections; its process id. Ends it with the block."""
    process = subprocess.Popen([sys.executable, "-m", service, "grpc"], env={**os.environ, **environment})
    try:
        _await(service, int(environment["GRPC_PORT"]))
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def called(service: str, settings: Settings, person: str, role: str) -> Iterator[tuple[int, grpc.Channel, int]]:
    """A running service on these settings' database: its process id, a person's channel, and its metrics' port."""
    issuer = Issuer()
    port, metrics = free_ports(2)
    environment = environment_of(settings, issuer, port) | {"METRICS_PORT": str(metrics)}
    token = issuer.token(person, role)
    try:
        with running(service, environment) as pid, grpc_client.channel(f"127.0.0.1:{port}", lambda: token) as channel:
            yield pid, channel, metrics
    finally:
        issuer.close()


class ServerTime:
    """What a server spent on one RPC since this was made."""

    def __init__(self, metrics_port: int, rpc: str) -> None:
        self._url, self._rpc = f"http://127.0.0.1:{metrics_port}/metrics", rpc
        self._seconds, self._calls = self._read()

    def mean_ms(self) -> float:
        """Milliseconds of a call, on average."""
        seconds, calls = self._read()
        return (seconds - self._seconds) * 1000 / (calls - self._calls)

    def _read(self) -> tuple[float, float]:
        with urllib.request.urlopen(self._url, timeout=10) as answer:  # noqa: S310 - its own loopback address
            text = answer.read().decode()
        found = (
            re.findall(rf"^rpc_server_duration_seconds_{part}{{[^}}]*{self._rpc}[^}}]*}} (\S+)$", text, re.M)
            for part in ("sum", "count")
        )
        seconds, calls = (sum(map(float, values)) for values in found)
        return seconds, calls


def _await(service: str, port: int) -> None:
    ready = threading.Event()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        channel.subscribe(
            lambda state: ready.set() if state is grpc.ChannelConnectivity.READY else None, try_to_connect=True
        )
        if not ready.wait(PATIENCE_SECONDS):
            raise TimeoutError(f"{service} does not answer")
