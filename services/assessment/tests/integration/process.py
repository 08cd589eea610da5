"""Assessment as one operating-system process on a real broker and database, and programme's facts told over Kafka."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from google.protobuf.message import Message as Proto
from kafka import TopicPartition

from assessment.settings import AssessmentSettings
from chassis import clock, kafka_clients, topics
from chassis.envelope import Envelope, encode
from chassis.ids import new_id
from chassis.registry import streams
from local_stack.issuer import Issuer
from local_stack.processes import Child

from .world import World

T = TypeVar("T")


class Running:
    """`python -m assessment all` with its own topics; `world` calls it, `log` and `spans` are what it leaves behind."""

    def __init__(self, settings: AssessmentSettings, issuer: Issuer, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.log = folder / "assessment.log"
        variables = {
            name.upper(): str(value) for name, value in settings.model_dump().items() if value not in (None, "")
        }
        environment = {**os.environ, **variables}
        topics.ensure(settings, streams().values())
        migrate = Child("migrate", [sys.executable, "-m", "assessment", "migrate"], self.log, environment).start()
        wait_for(lambda: not migrate.running)
        assert migrate.exit_code == 0, self.log.read_text()
        self._child = Child("assessment", [sys.executable, "-m", "assessment", "all"], self.log, environment).start()
        assert settings.business_clock_file
        clock.configure(settings.business_clock_file)
        self.world = World(issuer, settings.grpc_port, settings.business_clock_file)
        self._sequences: dict[tuple[str, str], int] = {}

    def stop(self) -> None:
        """Drain and end."""
        self.world.channel.close()
        self._child.stop()
        clock.configure(None)

    def tell(self, stream: str, key: str, fact: Proto) -> None:
        """Publish a fact as programme's relay would."""
        sequence = self._sequences[stream, key] = self._sequences.get((stream, key), 0) + 1
        kind = fact.DESCRIPTOR.full_name
        envelope = Envelope(new_id(), kind, "/programme", key, datetime.now(UTC), sequence, new_id())
        producer = kafka_clients.producer(self.settings)
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


@contextmanager
def running(settings: AssessmentSettings, issuer: Issuer, folder: Path) -> Iterator[Running]:
    """A process for the time of a with-block."""
    made = Running(settings, issuer, folder)
    try:
        yield made
    finally:
        made.stop()


def wait_for(ready: Callable[[], T], seconds: float = 120.0) -> T:
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := ready()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return answer
