"""One service as an operating-system process on a real broker and database, for its own tests.

What its neighbours say is told over Kafka, and what it leaves behind outside its database can be looked at.
"""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.message import Message as Proto

from chassis import kafka_clients, topics
from chassis.envelope import Envelope, encode
from chassis.ids import new_id
from chassis.registry import Stream
from chassis.settings import Settings
from local_stack import topic_records
from local_stack.processes import Child
from local_stack.waiting import wait_until


class ServiceProcess:
    """A service's module with topics of its own and a migrated database, not started yet.

    Its log is `log`; with `spans_dir` set to the folder's `spans`, its spans are there.
    """

    def __init__(self, module: str, settings: Settings, folder: Path, streams: Iterable[Stream]) -> None:
        self.settings = settings
        self.log = folder / f"{module}.log"
        self._module, self._folder = module, folder
        self._streams = {stream.name: stream for stream in streams}
        values = settings.model_dump().items()
        self._environment = {
            **os.environ,
            **{name.upper(): str(value) for name, value in values if value not in (None, "")},
        }
        self._sequences: dict[tuple[str, str], int] = {}
        topics.ensure(settings, self._streams.values())
        migrate = self.start("migrate")
        wait_until(lambda: not migrate.running, 120)
        assert migrate.exit_code == 0, self.log.read_text()

    def start(self, role: str = "all", fail_points: str = "") -> Child:
        """Start it in this role, perhaps to die at a point."""
        environment = {**self._environment, "FAIL_POINTS": fail_points}
        return Child(self._module, [sys.executable, "-m", self._module, role], self.log, environment).start()

    def tell(self, stream: str, key: str, fact: Proto) -> None:
        """Publish a neighbour's fact as its relay would when it wakes late: twice."""
        sequence = self._sequences[stream, key] = self._sequences.get((stream, key), 0) + 1
        kind = fact.DESCRIPTOR.full_name
        envelope = Envelope(new_id(), kind, "/test", key, datetime.now(UTC), sequence, new_id())
        producer = kafka_clients.producer(self.settings)
        for _ in range(2):
            producer.send(
                self._topic(stream), key=key.encode(), value=fact.SerializeToString(), headers=encode(envelope)
            ).get(timeout=60)
        producer.close(timeout=5)

    def published(self, *streams: str) -> list[Any]:
        """Every record of these topics, as the broker keeps it."""
        return topic_records.whole(kafka_clients.looker(self.settings), *map(self._topic, streams))

    def told(self, stream: str, key: str) -> dict[str, tuple[str, bytes]]:
        """An aggregate's facts on a topic, in order and each once: kind and value by event id."""
        return topic_records.facts(self.published(stream)).get(key, {})

    def left_behind(self) -> str:
        """Everything that left the database: logs, spans and the raw records of every topic."""
        files = [self.log, *sorted((self._folder / "spans").rglob("*"))]
        told = [file.read_text() for file in files if file.is_file()]
        records = [repr((record.key, record.value, record.headers)) for record in self.published(*self._streams)]
        return "\n".join([*told, *records])

    def _topic(self, stream: str) -> str:
        return f"{self.settings.topic_prefix}{stream}"
