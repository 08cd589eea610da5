"""What the manifests let each service do at the broker is enough for its consumers and its relay, and nothing more."""

import os
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kafka.errors import TopicAuthorizationFailedError
from manifests.kafka import rights
from manifests.tree import services
from pymongo import MongoClient
from secure_kafka import SecureKafka

from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.programme_events_pb2 import FactoryEnrolled, FactoryProfile
from chassis import kafka_clients, topics
from chassis.envelope import Envelope, encode
from chassis.ids import new_id
from chassis.registry import streams
from chassis.settings import Settings
from local_stack.layout import Layout
from local_stack.ports import Ports
from local_stack.processes import Child, tail
from local_stack.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
SERVICES = {one.name: one for one in services() if one.writes or one.reads}
PASSWORD = uuid.uuid4().hex
FACTORIES = "programme-factories"


@pytest.fixture(scope="module")
def broker(test_layout: Layout, test_ports: Ports) -> Iterator[SecureKafka]:
    """A broker with the topics, and a user for each service."""
    made = SecureKafka(test_layout, test_ports)
    made.start().await_ready()
    ours = [one for one in streams().values() if one.owner in SERVICES]
    assert topics.ensure(_plain(made), ours) == []
    for name, service in SERVICES.items():
        made.add_user(name, PASSWORD, rights(service))
    yield made
    made.stop()


def _plain(broker: SecureKafka) -> Settings:
    """Settings of the administrator."""
    return Settings(
        environment="test", mongodb_uri="unused", mongodb_database="unused", kafka_bootstrap=broker.bootstrap
    )


def settings_of(service: str, broker: SecureKafka) -> Settings:
    """How a service reaches the broker."""
    own = {
        "kafka_bootstrap": broker.door,
        "kafka_security": "SASL_SSL",
        "kafka_username": service,
        "kafka_password": PASSWORD,
        "kafka_ca_file": broker.authority,
    }
    return _plain(broker).model_copy(update=own)


@pytest.mark.parametrize("name", [name for name, one in SERVICES.items() if one.reads])
def test_a_service_consumes_with_its_own_rights(
    broker: SecureKafka, mongodb_uri: str, tmp_path: Path, name: str
) -> None:
    database = f"t{uuid.uuid4().hex[:10]}-{name}"
    own = {"mongodb_uri": mongodb_uri, "mongodb_database": database}
    settings = settings_of(name, broker).model_copy(update=own)
    log = tmp_path / "service.log"
    migrate = _child(settings, name, "migrate", log)
    wait_until(lambda: not migrate.running, 120)
    assert migrate.exit_code == 0, tail(log)
    factory = f"bd-{uuid.uuid4().hex[:6]}"
    enrol(_plain(broker), factory)
    readers = {consumer for one in SERVICES[name].reads for reader, consumer in one.consumers if reader == name}
    consuming = _child(settings, name, "stream", log)
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        try:
            wait_until(lambda: _has_read(client[database], factory, readers), 120, tail(log))
            assert consuming.running
        finally:
            consuming.stop()
            client.drop_database(database)
    assert "uthorization" not in log.read_text()


def _has_read(database: Any, factory: str, readers: set[str]) -> bool:
    """Whether every consumer has begun, and one has read of the factory."""
    begun = {row["_id"].split("@")[0] for row in database.consumers.find()}
    return readers <= begun and database.positions.find_one({"stream": FACTORIES, "key": factory}) is not None


@pytest.mark.parametrize("name", [name for name, one in SERVICES.items() if one.writes])
def test_a_service_writes_its_own_streams_and_no_others(broker: SecureKafka, name: str) -> None:
    own = {one.name for one in SERVICES[name].writes}
    for stream in sorted(streams()):
        if streams()[stream].owner not in SERVICES:
            continue
        producer = kafka_clients.producer(settings_of(name, broker))
        try:
            if stream in own:
                assert producer.send(stream, value=b"", key=b"probe").get(timeout=60).offset >= 0
            else:
                with pytest.raises(TopicAuthorizationFailedError):
                    producer.send(stream, value=b"", key=b"probe").get(timeout=60)
        finally:
            producer.close(timeout=5)


def enrol(settings: Settings, factory: str) -> None:
    """Say that a factory was enrolled, as programme's relay does."""
    profile = FactoryProfile(display_name="Blue Delta Knit", status=FACTORY_STATUS_ACTIVE)
    fact = FactoryEnrolled(factory_id=factory, country="BD", profile=profile)
    at = datetime.now(UTC) - timedelta(minutes=1)
    envelope = Envelope(new_id(), fact.DESCRIPTOR.full_name, "/test", factory, at, 1, new_id())
    producer = kafka_clients.producer(settings)
    value = fact.SerializeToString()
    producer.send(FACTORIES, key=factory.encode(), value=value, headers=encode(envelope)).get(timeout=60)
    producer.close(timeout=5)


def _child(settings: Settings, service: str, role: str, log: Path) -> Child:
    variables = {name.upper(): str(value) for name, value in settings.model_dump().items() if value}
    environment = {**os.environ, **variables, "OIDC_ISSUER": "http://127.0.0.1:1", "SPANS_DIR": str(log.parent / "s")}
    return Child(service, [sys.executable, "-m", service.replace("-", "_"), role], log, environment).start()
