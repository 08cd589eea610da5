"""Kafka and MongoDB in containers, for TEST_STACK=containers on a machine with a container engine.

KAFKA_IMAGE and MONGODB_IMAGE name other images than the official ones; all are driven as those are, by `KAFKA_…`
variables and by arguments to `mongod`. A container has the same port inside and out, so that the address by which a
broker or a member of a replica set announces itself is true for everybody.
"""

import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from local_stack import engine, kafka
from local_stack.mongo import SET

START_SECONDS = 120.0
_ALREADY_INITIALISED = 23


class NoContainers(Exception):
    """No container engine answers, or what it started does not; the text says so."""


class Containers:
    """The same face as Infrastructure, with an engine behind it; URLs in the environment still win."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
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

        try:
            if not self._bootstrap:
                self._bootstrap = self._broker(_free_port())
            if not self._uri:
                self._uri = self._database(_free_port())
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

    def _broker(self, port: int) -> str:
        """Start a broker at this port; what its clients connect to."""
        self._start(engine.kafka_image(self._environ), port, variables=engine.broker_variables(port))
        address = f"127.0.0.1:{port}"
        _await("Kafka", lambda: kafka.serves(address))
        return address

    def _database(self, port: int) -> str:
        """Start a replica set of one at this port; its connection string."""
        command = (
            f"mongod --bind_ip_all --port {port} --replSet {SET} --setParameter transactionLifetimeLimitSeconds=15"
        )
        command += " --setParameter enableTestCommands=1"
        self._start(engine.mongodb_image(self._environ), port, command=command)
        _await("MongoDB", lambda: _is_primary(port))
        return f"mongodb://127.0.0.1:{port}/?replicaSet={SET}"

    def _start(self, image: str, port: int, *, command: str = "", variables: Mapping[str, str] | None = None) -> None:
        from testcontainers.core.container import DockerContainer

        container = DockerContainer(image).with_bind_ports(port, port).with_envs(**(variables or {}))
        if command:
            container = container.with_command(command)
        self._started.append(container)
        container.start()


def _is_primary(port: int) -> bool:
    """Form the set if it has not been formed; whether its one member accepts writes."""
    address = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    with MongoClient[dict[str, Any]](address, serverSelectionTimeoutMS=1000) as client:
        try:
            member = {"_id": 0, "host": f"127.0.0.1:{port}"}
            client.admin.command("replSetInitiate", {"_id": SET, "members": [member]})
        except OperationFailure as error:
            if error.code != _ALREADY_INITIALISED:
                raise
        except PyMongoError:
            return False
        return bool(client.admin.command("hello").get("isWritablePrimary"))


def _await(what: str, serves: Callable[[], bool]) -> None:
    end = time.monotonic() + START_SECONDS
    while not serves():
        if time.monotonic() > end:
            raise NoContainers(f"{what} does not answer {START_SECONDS:.0f} s after its container was started")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
