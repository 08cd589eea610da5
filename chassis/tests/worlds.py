"""The fixture that makes a world; imported by the conftest of each folder that needs one."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from callers import Issuer
from harness import World

from chassis import database, kafka_clients
from chassis.settings import Settings

QUICK_SESSION_SECONDS = 6.0


@pytest.fixture
def world(mongodb_uri: str, kafka_bootstrap: str, unique_name: Callable[[str], str], tmp_path: Path) -> Iterator[World]:
    """A database and topics of this test alone, and this process connected to them."""
    made = make_world(mongodb_uri, kafka_bootstrap, unique_name("ledger"), tmp_path)
    yield made
    made.close()
    database.client().drop_database(made.settings.mongodb_database)


@pytest.fixture(scope="module")
def shared_world(mongodb_uri: str, kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world that the tests of one module share; each uses accounts of its own."""
    name = f"shared-{uuid.uuid4().hex[:8]}"
    made = make_world(mongodb_uri, kafka_bootstrap, name, tmp_path_factory.mktemp(name))
    yield made
    made.close()
    database.client().drop_database(name)
    admin = kafka_clients.admin(made.settings)
    admin.delete_topics([made.topic])
    admin.close()


@pytest.fixture(scope="module")
def store(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A database without a broker, shared by the tests of one module; each uses accounts of its own."""
    name = f"store-{uuid.uuid4().hex[:8]}"
    settings = Settings(
        environment="test", mongodb_uri=mongodb_uri, mongodb_database=name, kafka_bootstrap="127.0.0.1:1"
    )
    made = World(settings, tmp_path_factory.mktemp(name)).prepare(broker=False)
    yield made
    made.close()
    database.client().drop_database(name)


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
