"""Fixtures of the chassis's integration tests: worlds, and a server of the test service with its clients."""

from collections.abc import Iterator

import grpc
import ledger_rpc
import pytest
from callers import Issuer
from harness import World
from worlds import issuer, shared_world, store, world

from chassis.grpc_server import Server

__all__ = ["issuer", "shared_world", "store", "world"]


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
