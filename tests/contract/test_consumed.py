"""Every consumer of a stream digests each golden example of it, with its real handlers on a real database."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from descriptions import streams
from google.protobuf.message import Message as Proto

import assessment.remediation.storage
import finance_linkage.archive
import finance_linkage.storage
import training.storage
from assessment.storage import AssessmentDocument
from chassis import positions
from chassis.applying import Applier, Record
from chassis.consumer import Consumer
from chassis.database import client, connect, db
from chassis.envelope import Envelope, encode
from chassis.service import Service, migrate
from chassis.settings import Settings
from notifications.read_models import audience
from notifications.storage import MessageDocument, RecipientDocument
from programme.storage import DOCUMENTS, prepare_tables

from . import emitted_assessment
from .declared import SERVICES, consumers
from .test_examples import EMITTED

pytestmark = pytest.mark.stack
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
ALONE = 100
"""The generation to which one example is given at a time, all traces of the one before being gone."""
FIRST = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Example:
    """A golden example: the fact, the stream that carries it, and the key and sequence it gets there."""

    stream: str
    fact: Proto
    key: str
    sequence: int

    def record(self, sequence: int) -> Record:
        """The record under which the stream's relay would publish it as its aggregate's fact of that number."""
        event, source = self.fact.DESCRIPTOR.full_name, f"/{streams()[self.stream].owner}"
        time = FIRST + timedelta(minutes=sequence)
        envelope = Envelope(f"event-{event}-{self.sequence}", event, source, self.key, time, sequence)
        value = self.fact.SerializeToString(deterministic=True)
        return Record(self.stream, 0, sequence, value, tuple(encode(envelope)))


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest, mongodb_uri: str) -> Iterator[str]:
    """A service's database, fresh and migrated."""
    name = str(request.param)
    database = f"t{uuid.uuid4().hex[:8]}-contract-{name}"
    connect(Settings(environment="test", mongodb_uri=mongodb_uri, mongodb_database=database, kafka_bootstrap="-:-"))
    migrate(Service(name, consumers=consumers(name), **PREPARED[name]))
    yield name
    client().drop_database(db().name)


def _examples(consumer: Consumer) -> list[Example]:
    """The golden examples of a consumer's streams: one history for each key of a stream."""
    found: list[Example] = []
    lengths: Counter[tuple[str, str]] = Counter()
    for stream in consumer.streams:
        for message in streams()[stream].messages:
            for fact in (make() for (event, _), make in EMITTED.items() if event == message):
                key = str(getattr(fact, fact.DESCRIPTOR.fields_by_number[1].name))
                lengths[stream, key] += 1
                found.append(Example(stream, fact, key, lengths[stream, key]))
    return found


def _contents() -> dict[str, list[Any]]:
    """Everything that the database holds."""
    return {name: list(db()[name].find({}).sort("_id", 1)) for name in sorted(db().list_collection_names())}


def _parked() -> list[Any]:
    return list(db().parked.find({}, {"value": 0, "headers": 0}))


def test_each_consumer_digests_every_example_and_the_second_time_changes_nothing(service: str) -> None:
    for consumer in consumers(service):
        examples = _examples(consumer)
        assert examples
        applier = Applier(consumer, 1, lambda _: True)
        applier.apply([one.record(one.sequence) for one in examples])
        assert _parked() == []
        ends = {(one.stream, one.key): one.sequence for one in examples}
        reached = {pair: place.sequence for pair, place in positions.load(applier.name, ends).items()}
        assert reached == ends
        before = _contents()
        applier.apply([one.record(one.sequence) for one in examples])
        assert _contents() == before


def test_each_consumer_keeps_what_every_example_says_without_any_other_fact(service: str) -> None:
    """Streams come in any order, so what a consumer keeps of one fact must not hang on a fact of another stream."""
    for consumer in consumers(service):
        if consumer.view is not None:
            consumer.view.prepare(ALONE)
        for one in _examples(consumer):
            applier = Applier(consumer, ALONE, lambda _: False)
            applier.apply([one.record(1)])
            db().positions.delete_many({"consumer": applier.name})
            if consumer.view is not None:
                consumer.view.collection(ALONE).delete_many({})
        assert _parked() == []


def test_a_fact_that_nobody_can_read_does_park(service: str) -> None:
    """The tests above see trouble where there is some."""
    for consumer in consumers(service):
        one = next(one for one in _examples(consumer) if consumer.handlers(one.fact.DESCRIPTOR.full_name, live=True))
        broken = replace(one.record(1), value=b"\xff\xff")
        Applier(consumer, 99, lambda _: True).apply([broken])
        assert [row["reason"] for row in _parked()] == ["undecodable"]
        db().parked.delete_many({})
