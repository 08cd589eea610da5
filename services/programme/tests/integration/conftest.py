"""Fixtures: the whole service as one process for the session, on a database and topics of its own."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis import clock, topics
from chassis.registry import streams
from local_stack.issuer import Issuer
from local_stack.ports import Ports
from programme.settings import ProgrammeSettings

from .world import World, environment


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Who signs the tokens."""
    made = Issuer()
    yield made
    made.close()


@pytest.fixture(scope="session")
def prepared(
    mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Database and topics are there; nothing runs yet."""
    port = test_ports.take("programme-grpc")
    made = make_world(mongodb_uri, kafka_bootstrap, issuer, port, tmp_path_factory.mktemp("programme"))
    settings = ProgrammeSettings(
        mongodb_uri=mongodb_uri, kafka_bootstrap=kafka_bootstrap, topic_prefix=made.environ["TOPIC_PREFIX"]
    )
    assert topics.ensure(settings, streams().values()) == []
    clock.configure(made.folder / "clock")
    yield made
    made.stop()
    clock.configure(None)


def make_world(mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, port: int, folder: Path) -> World:
    """A world on a database and a topic prefix of its own, migrated."""
    name = f"t{uuid.uuid4().hex[:12]}"
    values = {
        "MONGODB_URI": mongodb_uri,
        "MONGODB_DATABASE": f"{name}-programme",
        "KAFKA_BOOTSTRAP": kafka_bootstrap,
        "TOPIC_PREFIX": f"{name}-",
        "OIDC_ISSUER": issuer.url,
        "GRPC_PORT": str(port),
        "SPANS_DIR": str(folder / "spans"),
        "BUSINESS_CLOCK_FILE": str(folder / "clock"),
    }
    made = World(issuer, environment(**values), folder)
    made.run("migrate")
    return made


@pytest.fixture(scope="session")
def world(prepared: World) -> World:
    """The service runs in all its roles."""
    prepared.start("all")
    prepared.await_grpc()
    return prepared


@pytest.fixture(scope="session")
def apart(
    mongodb_uri: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A second world without a broker, of which only gRPC runs: nothing is relayed, nothing is due."""
    port = test_ports.take("programme-apart-grpc")
    made = make_world(mongodb_uri, "127.0.0.1:1", issuer, port, tmp_path_factory.mktemp("apart"))
    made.start("grpc")
    made.await_grpc()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def parted(
    mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A third world, of which gRPC runs and nothing else: a test starts the reader, and publishes as a relay would."""
    port = test_ports.take("programme-parted-grpc")
    made = make_world(mongodb_uri, kafka_bootstrap, issuer, port, tmp_path_factory.mktemp("parted"))
    settings = ProgrammeSettings(
        mongodb_uri=mongodb_uri, kafka_bootstrap=kafka_bootstrap, topic_prefix=made.environ["TOPIC_PREFIX"]
    )
    assert topics.ensure(settings, streams().values()) == []
    made.start("grpc")
    made.await_grpc()
    yield made
    made.stop()


@pytest.fixture
def data() -> Path:
    """Folder of sample files."""
    return Path(__file__).parents[1] / "data"
