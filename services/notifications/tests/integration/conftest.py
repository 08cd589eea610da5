"""Fixtures of this service's integration tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from smtp_provider import Mailbox
from stage import Programme, Stage

from notifications.settings import NotificationsSettings


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A running mail server."""
    box = Mailbox()
    box.start()
    yield box
    box.stop()


@pytest.fixture
def stage(
    mongodb_uri: str, kafka_bootstrap: str, unique_name: Callable[[str], str], mailbox: Mailbox, tmp_path: Path
) -> Iterator[Stage]:
    """This service alone, with a database and topics of the test."""
    name = unique_name("notifications")
    programme = Programme()  # type: ignore[abstract]
    settings = NotificationsSettings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=name,
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"{name}-",
        consumer_session_seconds=6.0,
        smtp_port=mailbox.port,
        smtp_timeout_seconds=2.0,
        public_url="https://console.example",
        programme_address=f"127.0.0.1:{programme.port}",
    )
    made = Stage(settings, mailbox, programme, tmp_path / "clock")
    yield made
    made.close()
    programme.close()
