"""A broker that asks for TLS and a password: relay, consumers and administration get in, nobody else does."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import ledger
import pytest
from harness import World
from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from secure_kafka import SecureKafka

from chassis.database import db
from chassis.kafka_clients import connection
from chassis.settings import Settings
from local_stack.layout import Layout
from local_stack.ports import Ports
from local_stack.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
USER, PASSWORD = "ledger", uuid.uuid4().hex
EVERYTHING = [
    {"resource": {"type": kind, "name": "*", "patternType": "literal"}, "operations": ["All"], "host": "*"}
    for kind in ("topic", "group")
]


@pytest.fixture(scope="module")
def broker(test_layout: Layout, test_ports: Ports) -> Iterator[SecureKafka]:
    """The broker, with one user."""
    made = SecureKafka(test_layout, test_ports)
    made.start().await_ready()
    made.add_user(USER, PASSWORD, EVERYTHING)
    yield made
    made.stop()


@pytest.fixture
def secured(broker: SecureKafka, mongodb_uri: str, tmp_path: Path) -> Iterator[World]:
    """A world that knows the broker's secure door only."""
    name = f"secure-{uuid.uuid4().hex[:8]}"
    settings = Settings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=name,
        kafka_bootstrap=broker.door,
        kafka_security="SASL_SSL",
        kafka_username=USER,
        kafka_password=PASSWORD,
        kafka_ca_file=broker.authority,
        topic_prefix=f"{name}-",
        consumer_session_seconds=6.0,
    )
    made = World(settings, tmp_path).prepare()
    yield made
    made.close()


def test_facts_go_out_and_come_in(secured: World) -> None:
    with secured.relay(), secured.consuming():
        wait_until(lambda: db().consumers.count_documents({}) == len(ledger.CONSUMERS))
        ledger.open_account("safe")
        ledger.credit("safe", 5)
        wait_until(secured.settled, 120, "published and applied")
    assert [place[:2] for place in dict.fromkeys(secured.snapshot().topic)] == [("safe", 1), ("safe", 2)]
    assert secured.anomalies() == []


def test_a_wrong_password_opens_nothing_and_is_told(secured: World, caplog: pytest.LogCaptureFixture) -> None:
    wrong = secured.settings.model_copy(update={"kafka_password": "not it"})
    wait_until(lambda: refuses(wrong) and "Authentication failed" in caplog.text, what="the broker says why")
    assert "not it" not in caplog.text


def test_a_broker_that_nobody_vouches_for_is_not_spoken_to(secured: World, caplog: pytest.LogCaptureFixture) -> None:
    trusting_others = secured.settings.model_copy(update={"kafka_ca_file": None})
    wait_until(lambda: refuses(trusting_others) and "CERTIFICATE_VERIFY_FAILED" in caplog.text)


def refuses(settings: Settings) -> bool:
    """Whether a client with these settings gets nowhere."""
    try:
        KafkaAdminClient(**connection(settings), bootstrap_timeout_ms=5000).close()
    except KafkaError:
        return True
    return False
