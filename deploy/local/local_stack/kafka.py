"""One real Apache Kafka node (KRaft, broker and controller in one process) as a child process."""

import socket
import struct
import subprocess
from pathlib import Path

from local_stack.java import java
from local_stack.layout import LOCAL
from local_stack.processes import Child, StartFailed

_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
default.replication.factor=1
min.insync.replicas=1
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
"""


class Kafka:
    """A broker with its files in `data`; starting it again on the same files continues where it was."""

    def __init__(self, jars: Path, data: Path, log: Path, *, port: int, controller_port: int) -> None:
        self.port = port
        self._jars = jars
        self._data = data
        self._settings = data / "server.properties"
        self._text = _SETTINGS.format(port=port, controller=controller_port, logs=data / "logs")
        self.child = Child("kafka", self._java("kafka.Kafka", str(self._settings)), log)

    @property
    def bootstrap(self) -> str:
        """What clients connect to."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> "Kafka":
        """Format the files at the first start, then start the process; returns at once."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(self._text)
        if not (self._data / "logs" / "meta.properties").exists():
            self._format()
        self.child.start()
        return self

    def ready(self) -> bool:
        """Whether the broker serves clients."""
        return serves(self.bootstrap)

    def await_ready(self, seconds: float = 120.0) -> None:
        """Wait until it serves; raises StartFailed."""
        self.child.await_ready(self.ready, seconds)

    def stop(self) -> None:
        """Shut down in order, so that the next start need not recover its logs."""
        self.child.stop(20.0)

    def _format(self) -> None:
        command = self._java(
            "kafka.tools.StorageTool", "format", "-t", "amplify-development00", "-c", str(self._settings)
        )
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.returncode != 0:
            raise StartFailed(f"Kafka could not format {self._data}:\n{told.stdout}{told.stderr}")

    def _java(self, main: str, *arguments: str) -> list[str]:
        # The serial collector and a small heap keep one idle development broker near 350 MB.
        options = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]
        return [
            str(java()),
            *options,
            f"-Dlog4j2.configurationFile={LOCAL / 'kafka-log4j2.yaml'}",
            "-cp",
            f"{self._jars}/*",
            main,
            *arguments,
        ]


def serves(bootstrap: str) -> bool:
    """Whether a broker answers its simplest request (ApiVersions, version 0), which it does once it serves clients.

    Spoken by hand: a client library takes longer to import than the broker to answer.
    """
    host, _, port = bootstrap.split(",")[0].rpartition(":")
    request = struct.pack(">ihhih", 10, 18, 0, 1, -1)  # length, api key, version, correlation id, no client id
    try:
        with socket.create_connection((host, int(port)), timeout=2.0) as connection:
            connection.sendall(request)
            return len(connection.recv(4)) == 4
    except OSError:
        return False
