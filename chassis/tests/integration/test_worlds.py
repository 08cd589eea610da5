"""What a world changes for a test, in this process and in the database server, ends with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from harness import World
from ledger_program import QUICK, QUICK_LEASE_SECONDS
from pymongo import MongoClient

from chassis import relay
from chassis.settings import Settings

pytestmark = pytest.mark.stack


def test_a_world_leaves_process_and_server_as_it_found_them(
    mongodb_uri: str, unique_name: Callable[[str], str], tmp_path: Path
) -> None:
    """A later test waits as long as the product does, and its transactions live as long."""
    name = unique_name("world")
    settings = Settings(
        environment="test", mongodb_uri=mongodb_uri, mongodb_database=name, kafka_bootstrap="127.0.0.1:1"
    )
    with MongoClient[dict[str, object]](mongodb_uri) as server:

        def seconds() -> object:
            return server.admin.command("getParameter", 1, transactionLifetimeLimitSeconds=1)[
                "transactionLifetimeLimitSeconds"
            ]

        server.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=15)
        before = [getattr(module, constant) for module, constant, _ in QUICK]
        made = World(settings, tmp_path).prepare(broker=False)
        assert (relay.LEASE_SECONDS, seconds()) == (QUICK_LEASE_SECONDS, 5)
        made.close()
        assert [getattr(module, constant) for module, constant, _ in QUICK] == before
        assert seconds() == 15
        server.drop_database(name)
