"""The golden examples as the records that a consumer would read, and a service's database to read them into."""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from descriptions import streams
from google.protobuf.message import Message as Proto

import assessment.remediation.storage
import finance_linkage.archive
import finance_linkage.storage
import training.storage
from assessment.storage import AssessmentDocument
from chassis.applying import Record
from chassis.consumer import Consumer
from chassis.database import client, connect, db
from chassis.envelope import Envelope, encode
from chassis.service import Service, migrate
from chassis.settings import Settings
from notifications.read_models import audience
from notifications.storage import MessageDocument, RecipientDocument
from programme.storage import DOCUMENTS, prepare_tables

from . import emitted_assessment
from .declared import consumers
from .test_examples import EMITTED

PREPARED: dict[str, dict[str, Any]] = {
    "programme": {"documents": DOCUMENTS, "prepare": prepare_tables},
    "assessment": {
        "documents": (AssessmentDocument, *assessment.remediation.storage.DOCUMENTS),
        "prepare": emitted_assessment.keep_released,
    },
    "finance_linkage": {"documents": finance_linkage.storage.DOCUMENTS, "prepare": finance_linkage.archive.prepare},
    "training": {"documents": training.storage.DOCUMENTS, "prepare": training.storage.prepare_tables},
    "notifications": {"documents": (MessageDocument, RecipientDocument), "prepare": audience.prepare},
}
FIRST = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Example:
    """A golden example: the stream that carries it, the key it has there, the fact, and the sequence it gets there."""

    stream: str
    key: str
    fact: Proto
    sequence: int

    def record(self, sequence: int, minutes: int = 0) -> Record:
        """The record under which the stream's relay would publish it as its aggregate's fact of that number.

        It was recorded so many minutes after the first moment, or as many as its number says.
        """
        event, source = self.fact.DESCRIPTOR.full_name, f"/{streams()[self.stream].owner}"
        time = FIRST + timedelta(minutes=minutes or sequence)
        envelope = Envelope(f"event-{event}-{self.key}-{self.sequence}", event, source, self.key, time, sequence)
        value = self.fact.SerializeToString(deterministic=True)
        return Record(self.stream, 0, sequence, value, tuple(encode(envelope)))


@contextmanager
def migrated(service: str, mongodb_uri: str) -> Iterator[None]:
    """Inside, this process has a fresh database of the service, with its tables."""
    database = f"t{uuid.uuid4().hex[:8]}-contract-{service}"
    connect(Settings(environment="test", mongodb_uri=mongodb_uri, mongodb_database=database, kafka_bootstrap="-:-"))
    migrate(Service(service, consumers=consumers(service), **PREPARED[service]))
    yield
    client().drop_database(db().name)


def examples_of(consumer: Consumer) -> list[Example]:
    """The golden examples of a consumer's streams: one history for each key of a stream."""
    found: list[Example] = []
    lengths: Counter[tuple[str, str]] = Counter()
    for stream in consumer.streams:
        for message in streams()[stream].messages:
            for fact in (make() for (event, _), make in EMITTED.items() if event == message):
                key = str(getattr(fact, fact.DESCRIPTOR.fields_by_number[1].name))
                lengths[stream, key] += 1
                found.append(Example(stream, key, fact, lengths[stream, key]))
    return found
