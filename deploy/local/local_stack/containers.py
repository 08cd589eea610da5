"""Kafka and MongoDB in containers, for TEST_STACK=containers on a machine with a container engine."""

from collections.abc import Mapping
from typing import Any

_KAFKA_IMAGE = "confluentinc/cp-kafka:7.9.0"
_MONGODB_IMAGE = "mongodb/mongodb-atlas-local:8.0.13"


class NoContainers(Exception):
    """No container engine answers; the text says so."""


class Containers:
    """The same face as Infrastructure, with an engine behind it; URLs in the environment still win."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._bootstrap = environ.get("KAFKA_BOOTSTRAP", "")
        self._uri = environ.get("MONGODB_URI", "")
        self._started: list[Any] = []

    @property
    def bootstrap(self) -> str:
        """What Kafka's clients connect to."""
        return self._bootstrap

    @property
    def uri(self) -> str:
        """What MongoDB's clients connect to."""
        return self._uri

    def launch(self) -> None:
        """Start what the environment does not name; raises NoContainers. Returns when all is ready."""
        from docker.errors import DockerException  # type: ignore[import-untyped]
        from testcontainers.community.kafka import KafkaContainer
        from testcontainers.community.mongodb import MongoDBAtlasLocalContainer

        try:
            if not self._bootstrap:
                broker = KafkaContainer(_KAFKA_IMAGE).with_kraft()
                broker.with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                broker.with_env("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                broker.with_env("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
                self._started.append(broker.start())
                self._bootstrap = str(broker.get_bootstrap_server())
            if not self._uri:
                database = MongoDBAtlasLocalContainer(_MONGODB_IMAGE)
                self._started.append(database.start())
                self._uri = str(database.get_connection_url())
        except DockerException as error:
            raise NoContainers(f"TEST_STACK=containers needs a container engine: {error}") from error

    def await_kafka(self) -> None:
        """Nothing to wait for: `launch` returns when it is ready."""

    def await_mongodb(self) -> None:
        """Nothing to wait for: `launch` returns when it is ready."""

    def stop(self) -> None:
        """Remove the containers."""
        for one in self._started:
            one.stop()
