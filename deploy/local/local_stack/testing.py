"""pytest fixtures: a real broker and a real database for tests, found in the same order as everywhere.

URLs in the environment, then local processes, then containers when TEST_STACK=containers. When none can be had the
test fails with the reason; nothing stands in for a broker or a database.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator

import pytest
from kafka import KafkaAdminClient
from pymongo import MongoClient

from local_stack.containers import Containers
from local_stack.infrastructure import Infrastructure, start_replica_set
from local_stack.layout import Layout, default_layout
from local_stack.locks import Held, Lock
from local_stack.mongo import ReplicaSet
from local_stack.platform import Platform, platform
from local_stack.ports import Ports

# Everything that this session makes on a shared broker or database starts with this, and is removed at its end.
_SESSION = f"t{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def test_layout() -> Iterator[Layout]:
    """An emptied run folder of this session alone, apart from the one of `make run`."""
    base = default_layout().run / "tests"
    for number in range(100):
        lock = Lock(base / f"{number}.lock")
        try:
            lock.take()
        except Held:
            continue
        layout = Layout(base / str(number))
        shutil.rmtree(layout.run, ignore_errors=True)
        layout.run.mkdir(parents=True)
        yield layout
        lock.release()
        return
    pytest.fail(f"a hundred test sessions hold the folders of {base}")


@pytest.fixture(scope="session")
def test_ports(test_layout: Layout) -> Iterator[Ports]:
    """Free ports that no other stack of this user takes."""
    ports = Ports(test_layout.ports, usual=False)
    yield ports
    ports.release()


@pytest.fixture(scope="session")
def infrastructure(test_layout: Layout, test_ports: Ports) -> Iterator[Infrastructure | Containers]:
    """Broker and database of this session, launched and not yet awaited."""
    if os.environ.get("TEST_STACK") == "containers":
        found: Infrastructure | Containers = Containers(os.environ)
    else:
        found = Infrastructure(test_layout, test_ports, os.environ, fail_points=True)
    found.launch()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def kafka_bootstrap(infrastructure: Infrastructure | Containers) -> Iterator[str]:
    """host:port of a real Kafka; the session's topics are deleted afterwards."""
    infrastructure.await_kafka()
    yield infrastructure.bootstrap
    admin = KafkaAdminClient(bootstrap_servers=infrastructure.bootstrap)
    try:
        ours = [topic for topic in admin.list_topics() if topic.startswith(_SESSION)]
        if ours:
            admin.delete_topics(ours)
    finally:
        admin.close()


@pytest.fixture(scope="session")
def mongodb_uri(infrastructure: Infrastructure | Containers) -> Iterator[str]:
    """Connection string of a real replica set; the session's databases are dropped afterwards."""
    infrastructure.await_mongodb()
    yield infrastructure.uri
    with MongoClient[dict[str, object]](infrastructure.uri) as client:
        for name in client.list_database_names():
            if name.startswith(_SESSION):
                client.drop_database(name)


@pytest.fixture
def unique_name() -> Callable[[str], str]:
    """Makes names that no other test has, for databases, topic prefixes and consumer groups."""
    return lambda stem: f"{_SESSION}-{uuid.uuid4().hex[:6]}-{stem}"


@pytest.fixture
def mongodb_database(mongodb_uri: str, unique_name: Callable[[str], str]) -> str:
    """Name of a database of this test alone."""
    return unique_name("db")


@pytest.fixture
def topic_prefix(kafka_bootstrap: str, unique_name: Callable[[str], str]) -> str:
    """Prefix for the topics of this test alone; it ends with a hyphen."""
    return unique_name("")


@pytest.fixture(scope="session")
def running_platform(test_layout: Layout, kafka_bootstrap: str, mongodb_uri: str) -> Iterator[Platform]:
    """Every service of the platform with its demonstration data, one for the whole session."""
    layout = Layout(test_layout.run / "platform")
    started = platform(layout, kafka_bootstrap, mongodb_uri, f"{_SESSION}-e2e")
    try:
        yield started.start()
    finally:
        started.stop()


@pytest.fixture
def three_mongodb_nodes(test_layout: Layout, test_ports: Ports) -> Iterator[ReplicaSet]:
    """A replica set of three nodes of this test alone, whose members may be killed and started again."""
    replica_set = start_replica_set(test_layout, test_ports, 3)
    yield replica_set
    replica_set.stop()
