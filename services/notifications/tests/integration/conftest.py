"""Fixtures of this service's integration tests."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from callers import Issuer
from line import Line
from pymongo import MongoClient
from smtp_provider import Mailbox
from stage import Programme, Stage

from chassis.grpc_server import Server
from notifications.grpc_api import apis
from notifications.settings import NotificationsSettings


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A running mail server."""
    box = Mailbox()
    box.start()
    yield box
    box.close()


@pytest.fixture(scope="session")
def stage_database(mongodb_uri: str) -> Iterator[str]:
    """The database of these tests, emptied before each."""
    name = f"t{uuid.uuid4().hex[:8]}-notifications"
    yield name
    with MongoClient[dict[str, object]](mongodb_uri) as client:
        client.drop_database(name)


@pytest.fixture
def stage(
    mongodb_uri: str,
    kafka_bootstrap: str,
    stage_database: str,
    unique_name: Callable[[str], str],
    mailbox: Mailbox,
    tmp_path: Path,
) -> Iterator[Stage]:
    """This service alone, with an empty database and topics of the test."""
    name = unique_name("notifications")
    programme = Programme()  # type: ignore[abstract]
    settings = NotificationsSettings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=stage_database,
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"{name}-",
        consumer_session_seconds=6.0,
        smtp_port=mailbox.port,
        smtp_timeout_seconds=10.0,
        public_url="https://console.example",
        programme_address=f"127.0.0.1:{programme.port}",
    )
    made = Stage(settings, mailbox, programme, tmp_path / "clock")
    yield made
    made.close()
    programme.close()


@pytest.fixture
def line(stage: Stage) -> Iterator[Line]:
    """The service's gRPC server, and a client."""
    issuer = Issuer()
    server = Server(stage.settings.model_copy(update=issuer.settings), apis())
    server.start()
    yield Line(issuer, server.port)
    server.stop()
    issuer.close()
