"""Records put on a topic by hand: what no relay of ours would publish."""

from datetime import UTC, datetime
from types import TracebackType

from google.protobuf.message import Message as Proto
from google.protobuf.wrappers_pb2 import Int64Value
from harness import World

from chassis import kafka_clients
from chassis.applying import Record
from chassis.envelope import Envelope, encode
from chassis.ids import new_id


def fact(key: str, sequence: int, amount: int = 1, event_id: str = "") -> tuple[list[tuple[str, bytes]], bytes]:
    """Headers and value of a credit."""
    return headers(key, sequence, Int64Value, event_id), Int64Value(value=amount).SerializeToString()


def headers(key: str, sequence: int, kind: type[Proto] = Int64Value, event_id: str = "") -> list[tuple[str, bytes]]:
    """The envelope of a fact of this kind."""
    return encode(
        Envelope(event_id or new_id(), kind.DESCRIPTOR.full_name, "/test", key, datetime.now(UTC), sequence, new_id())
    )


class RawProducer:
    """Sends records as they are told, all to one partition unless another is named."""

    def __init__(self, world: World) -> None:
        self._topic = world.topic
        self._producer = kafka_clients.producer(world.settings)

    def __enter__(self) -> "RawProducer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._producer.close(timeout=5)

    def send(self, headers: list[tuple[str, bytes]], value: bytes, partition: int = 0) -> None:
        """Send one record and wait until the broker has it."""
        self._producer.send(self._topic, value=value, headers=headers, partition=partition).get(timeout=30)

    def again(self, record: Record) -> None:
        """Send a copy of a record to where it lies."""
        self.send(list(record.headers), record.value or b"", record.partition)
