"""Kafka and MongoDB as containers that are child processes: for `make run STACK=docker`.

KAFKA_IMAGE and MONGODB_IMAGE name other images than the official ones. All are driven as those are: a broker by
`KAFKA_…` variables, a database by arguments to `mongod`. Data are in volumes; `make reset` deletes them.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local_stack import mongo
from local_stack.kafka import Kafka
from local_stack.mongo import Mongod
from local_stack.processes import Child

KAFKA_DATA = "/var/lib/kafka/data"
MONGODB_DATA = "/data/db"


class NoEngine(Exception):
    """The program `docker` is missing or reaches no engine; the text says so."""


class Container(Child):
    """A container in the foreground of a child process, with a volume of its own.

    The engine does not end it when its parent is killed, so a start removes what an earlier one left.
    """

    def __init__(self, name: str, stack: str, image: str, data: str, log: Path, port: int, *rest: str) -> None:
        """`rest` are more options of `docker run`, the image's name where it belongs as "", and its arguments."""
        self._container = f"{stack}-{name}"
        options = ["--name", self._container, "--publish", f"127.0.0.1:{port}:{port}"]
        options += ["--volume", f"{self._container}:{data}"]
        super().__init__(name, ["docker", "run", "--rm", *options, *(one or image for one in rest)], log)

    def start(self) -> "Container":
        """Remove a container that an unclean end left, then start."""
        docker("rm", "--force", self._container)
        super().start()
        return self


class KafkaInContainer(Kafka):
    """The broker of the embedded stack, from an image."""

    def __init__(self, image: str, stack: str, log: Path, *, port: int) -> None:
        self.port = port
        options = [part for name, value in broker_variables(port).items() for part in ("--env", f"{name}={value}")]
        self.child = Container("kafka", stack, image, KAFKA_DATA, log, port, *options, "")

    def start(self) -> "KafkaInContainer":
        """Start it; the image formats its files at the first start."""
        self.child.start()
        return self


class MongodInContainer(Mongod):
    """The database of the embedded stack, from an image."""

    def __init__(self, image: str, stack: str, log: Path, *, port: int) -> None:
        self.port = port
        command = ["mongod", "--port", str(port), "--bind_ip_all", *mongo.OPTIONS]
        self.child = Container("mongodb", stack, image, MONGODB_DATA, log, port, "", *command)

    def start(self) -> "MongodInContainer":
        """Start it; returns at once."""
        self.child.start()
        return self


def stack_name(run: Path) -> str:
    """What the containers and volumes of a run folder begin with."""
    return f"amplify-{hashlib.sha256(str(run).encode()).hexdigest()[:8]}"


def kafka_image(environ: Mapping[str, str]) -> str:
    """The broker's image: the one that KAFKA_IMAGE names, else the official one."""
    return environ.get("KAFKA_IMAGE") or "apache/kafka:4.3.1"


def mongodb_image(environ: Mapping[str, str]) -> str:
    """The database's image: the one that MONGODB_IMAGE names, else the official one."""
    return environ.get("MONGODB_IMAGE") or "mongo:8.0"


def remove_containers(run: Path) -> None:
    """End what an unclean stop of a run folder's stack left, and free its ports; data stay."""
    for name in ("kafka", "mongodb"):
        docker("rm", "--force", f"{stack_name(run)}-{name}")


def remove_volumes(run: Path) -> None:
    """Delete the data of a run folder's containers."""
    for name in ("kafka", "mongodb"):
        docker("volume", "rm", "--force", f"{stack_name(run)}-{name}")


def docker(*arguments: str) -> None:
    """Have the engine do something now; raises NoEngine when it cannot."""
    if not shutil.which("docker"):
        raise NoEngine("STACK=docker needs the program docker and an engine")
    told = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, env=os.environ)
    if told.returncode != 0:
        raise NoEngine(f"docker {' '.join(arguments)}: {told.stderr.strip()}")


def broker_variables(port: int) -> dict[str, str]:
    """One node as its image's variables say it, with the same port inside and out.

    So the address by which the broker announces itself is true for everybody.
    """
    controller = 29093 if port != 29093 else 29094
    return {
        "CLUSTER_ID": "amplify-development00",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_NODE_ID": "1",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@localhost:{controller}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://localhost:{controller}",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
        "KAFKA_LOG_DIRS": KAFKA_DATA,
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
    }
