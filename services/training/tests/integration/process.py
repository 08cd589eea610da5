"""Training as one operating-system process on a real broker and database; neighbours' facts come over Kafka, twice."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from google.protobuf.message import Message as Proto
from kafka import TopicPartition

from chassis import clock, kafka_clients, topics
from chassis.envelope import Envelope, encode
from chassis.ids import new_id
from chassis.registry import streams
from chassis.settings import Settings
from local_stack.issuer import Issuer
from local_stack.processes import Child

from .world import World

T = TypeVar("T")
STREAMS = (
    "programme-country-programmes",
    "programme-factories",
    "assessment-assessments",
    "training-courses",
    "training-sessions",
    "training-recommendations",
)


class Running:
    """`python -m training all` with its own topics; `log` and `spans` are what it leaves behind."""

    def __init__(self, settings: Settings, issuer: Issuer, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.log = folder / "training.log"
        self._environment = {
            **os.environ,
            **{name.upper(): str(value) for name, value in settings.model_dump().items() if value not in (None, "")},
        }
        topics.ensure(settings, [streams()[name] for name in STREAMS])
        migrate = Child("migrate", [sys.executable, "-m", "training", "migrate"], self.log, self._environment).start()
        wait_for(lambda: not migrate.running)
        assert migrate.exit_code == 0, self.log.read_text()
        assert settings.business_clock_file
        clock.configure(settings.business_clock_file)
        self.world = World(issuer, settings.grpc_port, settings.business_clock_file)
        self._sequences: dict[tuple[str, str], int] = {}

    def start(self, fail_points: str = "") -> Child:
        """Start the process, perhaps to die at a point."""
        environment = {**self._environment, "FAIL_POINTS": fail_points}
        return Child("training", [sys.executable, "-m", "training", "all"], self.log, environment).start()

    def stop(self) -> None:
        """Leave the world as it was."""
        self.world.channel.close()
        clock.configure(None)

    def tell(self, stream: str, key: str, fact: Proto) -> None:
        """Publish a fact as its relay would when it wakes late: twice."""
        sequence = self._sequences[stream, key] = self._sequences.get((stream, key), 0) + 1
        kind = fact.DESCRIPTOR.full_name
        envelope = Envelope(new_id(), kind, "/test", key, datetime.now(UTC), sequence, new_id())
        producer = kafka_clients.producer(self.settings)
        for _ in range(2):
            producer.send(
                f"{self.settings.topic_prefix}{stream}",
                key=key.encode(),
                value=fact.SerializeToString(),
                headers=encode(envelope),
            ).get(timeout=60)
        producer.close(timeout=5)

    def published(self, stream: str) -> list[Any]:
        """Every record of a topic, as the broker keeps it."""
        topic = f"{self.settings.topic_prefix}{stream}"
        consumer = kafka_clients.looker(self.settings)
        places = [TopicPartition(topic, number) for number in range(streams()[stream].partitions)]
        consumer.assign(places)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(places)
        records: list[Any] = []
        while any(consumer.position(place) < ends[place] for place in places):
            records += [record for batch in consumer.poll(timeout_ms=500).values() for record in batch]
        consumer.close()
        return records

    def kinds(self, stream: str, key: str) -> list[str]:
        """The types of an aggregate's facts on a topic, in order and each once."""
        found = {}
        for record in self.published(stream):
            if record.key == key.encode():
                headers = dict(record.headers)
                found[headers["ce_id"]] = headers["ce_type"].decode().rsplit(".", 1)[-1]
        return list(found.values())

    def left_behind(self) -> str:
        """Everything that left the database: logs, spans and the raw records of every topic."""
        files = [self.log, *sorted(Path(self.folder / "spans").rglob("*"))]
        told = [file.read_text() for file in files if file.is_file()]
        records = [
            repr((record.key, record.value, record.headers)) for name in STREAMS for record in self.published(name)
        ]
        return "\n".join([*told, *records])


def wait_for(ready: Callable[[], T], seconds: float = 120.0) -> T:
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := ready()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return answer
