"""The fixture that makes a world; imported by the conftest of each folder that needs one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chassis import database
from chassis.settings import Settings
from clients import Issuer
from harness import World

QUICK_SESSION_SECONDS = 6.0


@pytest.fixture
def world(mongodb_uri: str, kafka_bootstrap: str, unique_name: Callable[[str], str], tmp_path: Path) -> Iterator[World]:
    """A database and topics of this test alone, and this process connected to them."""
    made = make_world(mongodb_uri, kafka_bootstrap, unique_name("ledger"), tmp_path)
    yield made
    made.close()
    database.client().drop_database(made.settings.mongodb_database)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """Whose tokens the servers of this test accept."""
    made = Issuer()
    yield made
    made.close()


def make_world(uri: str, bootstrap: str, name: str, folder: Path) -> World:
    """A world on this infrastructure."""
    settings = Settings(
        environment="test",
        mongodb_uri=uri,
        mongodb_database=name,
        kafka_bootstrap=bootstrap,
        topic_prefix=f"{name}-",
        consumer_session_seconds=QUICK_SESSION_SECONDS,
        log_level="INFO",
    )
    return World(settings, folder).prepare()
