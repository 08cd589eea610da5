"""Every view of every service is the same after any interleaving of its streams, built anew too, and sends nothing.

The facts are the golden examples, each history told several times: by other aggregates about the same factory, and
about others, at other times. So aggregates meet in the rows that they share. A rebuild is the log once more, for
another generation.
"""

import importlib
import pkgutil
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.applying import Applier, Record
from chassis.consumer import Consumer
from chassis.database import db
from chassis.view import View

from .declared import SERVICES, consumers
from .golden import Example, examples_of, migrated

pytestmark = pytest.mark.stack
TELLINGS, SHUFFLES, BATCH = 4, 5, 17
REFERENCE = 200
NUMBERED_BY_ARRIVAL = {"partner_feed"}
"""Views whose rows are numbered as they come (ADR 0030): any interleaving gives the same rows under other numbers."""
ELSEWHERE = {"BD": "KH", "bd-1001": "kh-1001", "bd-1002": "kh-1002", "bd-1001.2025": "kh-1001.2025"}
SOMEBODY_ELSE = {"north-sea-apparel": "another-buyer", "delta-bank": "another-bank"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest, mongodb_uri: str) -> Iterator[str]:
    """A service's database, fresh and migrated."""
    name = str(request.param)
    with migrated(name, mongodb_uri):
        yield name


def _other(text: str, telling: int) -> str:
    """What a text becomes in a telling, if it is an id: half of them are about another factory, half of another's."""
    if UUID.fullmatch(text):
        return f"{text[:-1]}{(int(text[-1], 16) + telling) % 16:x}"
    if telling % 2:
        text = ELSEWHERE.get(text, text)
    return SOMEBODY_ELSE.get(text, text) if telling >= TELLINGS // 2 else text


def _retell(fact: Proto, telling: int) -> None:
    """Put other ids and later times into a fact and all its parts."""
    for field, value in fact.ListFields():
        if isinstance(value, str):
            setattr(fact, field.name, _other(value, telling))
        elif isinstance(value, Timestamp):
            value.FromDatetime(value.ToDatetime() + timedelta(minutes=7 * telling))
        elif isinstance(value, Proto):
            _retell(value, telling)
        elif field.is_repeated and field.message_type is None:
            value[:] = [_other(one, telling) if isinstance(one, str) else one for one in value]
        elif field.is_repeated and not field.message_type.GetOptions().map_entry:
            for one in value:
                _retell(one, telling)


def _log(consumer: Consumer) -> dict[tuple[str, str], list[Record]]:
    """Each aggregate's facts in each stream, in their order; an aggregate that is not another in a telling goes on."""
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    minutes: Counter[tuple[str, str]] = Counter()
    choose = random.Random(7)  # noqa: S311
    for telling in range(TELLINGS):
        for one in examples_of(consumer):
            fact = type(one.fact)()
            fact.CopyFrom(one.fact)
            _retell(fact, telling)
            place = one.stream, _other(one.key, telling)
            minutes[place] += choose.randint(1, 5)  # so few that aggregates often speak at the same time
            told = Example(*place, fact, len(found[place]) + 1)
            found[place].append(told.record(told.sequence, minutes=minutes[place]))
    return found


def _shuffled(log: dict[tuple[str, str], list[Record]], choose: random.Random) -> list[Record]:
    """Some interleaving that keeps the order of each aggregate in its stream, half of the facts delivered twice."""
    turns = [place for place, records in log.items() for _ in records]
    choose.shuffle(turns)
    queues = {place: iter(records) for place, records in log.items()}
    records = (next(queues[place]) for place in turns)
    return [record for record in records for _ in range(choose.choice((1, 2)))]


def _built(consumer: Consumer, generation: int, records: Sequence[Record]) -> list[Any]:
    """What a generation of the view holds after these records."""
    assert consumer.view is not None
    consumer.view.prepare(generation)
    applier = Applier(consumer, generation, lambda _: True)
    for start in range(0, len(records), BATCH):
        applier.apply(records[start : start + BATCH])
    assert list(db().parked.find({}, {"value": 0, "headers": 0})) == []
    rows = list(consumer.view.collection(generation).find().sort("_id", 1))
    if consumer.view.name in NUMBERED_BY_ARRIVAL:
        rows = sorted(({**row, "_id": None} for row in rows), key=repr)
    return rows


def _effects() -> dict[str, list[Any]]:
    """Everything in the database but views and how far their consumers are; of due work, what is to be done."""
    names = [name for name in db().list_collection_names() if not name.startswith("view_")]
    told = {name: list(db()[name].find().sort("_id", 1)) for name in names if name not in {"positions", "due_work"}}
    return told | {"due_work": db().due_work.distinct("_id")}


def _readers(service: str) -> list[Consumer]:
    return [consumer for consumer in consumers(service) if consumer.view is not None]


def test_any_interleaving_and_a_rebuild_give_the_same_content_and_send_nothing(service: str) -> None:
    for consumer in _readers(service):
        log = _log(consumer)
        in_order = [record for records in log.values() for record in records]
        untouched = _effects() | {"due_work": []}
        reference = _built(consumer, REFERENCE, in_order)
        effects = _effects()
        assert reference
        assert effects | {"due_work": []} == untouched
        assert _built(consumer, REFERENCE + 1, in_order) == reference
        for number in range(SHUFFLES):
            choose = random.Random(number)  # noqa: S311
            assert _built(consumer, REFERENCE + 2 + number, _shuffled(log, choose)) == reference, consumer.name
        assert _effects() == effects


@pytest.mark.parametrize("service", SERVICES)
def test_each_view_is_among_them_with_every_fact_it_handles(service: str) -> None:
    package = importlib.import_module(service)
    names = [one.name for one in pkgutil.walk_packages(package.__path__, f"{service}.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    made = {one.name for module in modules for one in vars(module).values() if isinstance(one, View)}
    assert made == {consumer.view.name for consumer in _readers(service) if consumer.view is not None}
    for consumer in _readers(service):
        told = {type(one.fact) for one in examples_of(consumer)}
        assert set(consumer.projections) <= told, f"{consumer.name} handles facts of which there is no example"
