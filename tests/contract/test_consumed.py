"""Every consumer of a stream digests each golden example of it, with its real handlers on a real database."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chassis import positions
from chassis.applying import Applier
from chassis.database import db

from .declared import SERVICES, consumers
from .golden import examples_of, migrated

pytestmark = pytest.mark.stack
ALONE = 100
"""The generation to which one example is given at a time, all traces of the one before being gone."""


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest, mongodb_uri: str) -> Iterator[str]:
    """A service's database, fresh and migrated."""
    name = str(request.param)
    with migrated(name, mongodb_uri):
        yield name


def _contents() -> dict[str, list[Any]]:
    """Everything that the database holds."""
    return {name: list(db()[name].find({}).sort("_id", 1)) for name in sorted(db().list_collection_names())}


def _parked() -> list[Any]:
    return list(db().parked.find({}, {"value": 0, "headers": 0}))


def test_each_consumer_digests_every_example_and_the_second_time_changes_nothing(service: str) -> None:
    for consumer in consumers(service):
        examples = examples_of(consumer)
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
        for one in examples_of(consumer):
            applier = Applier(consumer, ALONE, lambda _: False)
            applier.apply([one.record(1)])
            db().positions.delete_many({"consumer": applier.name})
            if consumer.view is not None:
                consumer.view.collection(ALONE).delete_many({})
        assert _parked() == []


def test_a_fact_that_nobody_can_read_does_park(service: str) -> None:
    """The tests above see trouble where there is some."""
    for consumer in consumers(service):
        one = next(one for one in examples_of(consumer) if consumer.handlers(one.fact.DESCRIPTOR.full_name, live=True))
        broken = replace(one.record(1), value=b"\xff\xff")
        Applier(consumer, 99, lambda _: True).apply([broken])
        assert [row["reason"] for row in _parked()] == ["undecodable"]
        db().parked.delete_many({})
