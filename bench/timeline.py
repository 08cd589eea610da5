"""A page of a factory's timeline among 10,000 factories, against the two bare queries that it is made of."""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from bench.measuring import Comparison, Stretch, measured, quantile
from bench.serving import ServerTime, called
from bench.stack import Stack, apart
from chassis.database import Row, db
from chassis.service import configure, migrate
from chassis.unit_of_work import unit_of_work
from programme.__main__ import compose
from programme.domain.factory import Factory
from programme.domain.factory_details import FactoryDetails
from programme.read_models.timeline import ORDER
from programme.read_models.timeline_rows import timeline
from programme.read_models.timeline_steps import KINDS
from programme.settings import ProgrammeSettings
from programme.storage import factories

FACTORIES = 10_000
STEPS = 60
PAGES = 400
WARM_UP = 40
PAGE_SIZE = 50
OFFICER = str(uuid.UUID(int=7))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Side:
    """Milliseconds of each page, and CPU of the whole stretch."""

    times: list[float]
    stretch: Stretch


def run(stack: Stack) -> list[Comparison]:
    """Time of a page: as the server measures it, as a client sees it, and narrowed down to one service."""
    rows = []
    for what, services in (("all", []), ("of one service", ["assessment"])):
        ours, server, bare = apart(measure, stack, services)
        name = f"timeline page, steps {what}, {FACTORIES:,} factories of {STEPS} steps"
        bare_mean = sum(bare.times) / len(bare.times)
        rows += [
            Comparison(f"{name}: server time, mean", server, bare_mean, "ms"),
            Comparison("– as a client sees it, p50", quantile(ours.times, 0.5), quantile(bare.times, 0.5), "ms"),
            Comparison("– as a client sees it, p99", quantile(ours.times, 0.99), quantile(bare.times, 0.99), "ms"),
            Comparison("– CPU of all processes", ours.stretch.cpu_ms, bare.stretch.cpu_ms, "ms"),
        ]
    return rows


def measure(stack: Stack, services: list[str]) -> tuple[Side, float, Side]:
    """Both sides in turn on the same data: pages of factories taken at random; ours with its server's mean time."""
    values = stack.settings().model_dump(include={"mongodb_uri", "mongodb_database", "kafka_bootstrap"})
    settings = ProgrammeSettings(environment="test", **values)
    seed(settings)
    chance = random.Random(7)  # noqa: S311 - a choice that can be repeated
    chosen = [f"bd-{chance.randrange(FACTORIES)}" for _ in range(PAGES + WARM_UP)]
    with called("programme", settings, OFFICER, "country-manager") as (pid, channel, metrics):
        stub = TimelineServiceStub(channel)

        def ask(factory_id: str) -> None:
            request = ListTimelineEntriesRequest(parent=f"factories/{factory_id}", services=services)
            assert stub.ListTimelineEntries(request).timeline_entries

        for factory_id in chosen[:WARM_UP]:
            ask(factory_id)
        spent = ServerTime(metrics, "ListTimelineEntries")
        ours = timed(ask, chosen[WARM_UP:], pid, stack.mongod)
        server = spent.mean_ms()
    query = bare_query(services)
    for factory_id in chosen[:WARM_UP]:
        query(factory_id)
    bare = timed(query, chosen[WARM_UP:], stack.mongod)
    return ours, server, bare


def timed(work: Callable[[str], None], chosen: list[str], *processes: int) -> Side:
    """Each piece of work with its time."""
    times = []
    with measured(len(chosen), *processes) as stretch:
        for factory_id in chosen:
            begun = time.perf_counter()
            work(factory_id)
            times.append((time.perf_counter() - begun) * 1000)
    return Side(times, stretch)


def bare_query(services: list[str]) -> Callable[[str], None]:
    """The page and how many there are, as pymongo alone asks for them."""
    rows = timeline.collection(1)
    kinds = {"event": {"$in": sorted(kind for kind in KINDS if kind.split(".")[1] in services)}} if services else {}

    def query(factory_id: str) -> None:
        wanted: Row = {"factory_id": factory_id, **kinds}
        assert list(rows.find(wanted).sort(list(ORDER)).limit(PAGE_SIZE))
        assert rows.count_documents(wanted)

    return query


def seed(settings: ProgrammeSettings) -> None:
    """Factories and their steps, as their aggregate and their projection would have written them."""
    service = compose(settings)
    configure(service, settings)
    migrate(service)
    first = Factory.enrol("bd-0", "BD", FactoryDetails(name="Factory 0"), NOW)
    unit_of_work(lambda: factories.add(first))
    root = db().factories.find_one({"_id": "bd-0"})
    assert root is not None
    copies = [root | {"_id": f"bd-{n}", "sort_name": f"factory {n}"} for n in range(1, FACTORIES)]
    db().factories.insert_many(copies, ordered=False)
    db().facts.delete_many({})
    kinds = sorted(KINDS)
    for start in range(0, FACTORIES, 500):
        rows = [step(f"bd-{n}", number, kinds) for n in range(start, start + 500) for number in range(STEPS)]
        timeline.collection(1).insert_many(rows, ordered=False)


def step(factory_id: str, number: int, kinds: list[str]) -> Row:
    """A row of the timeline."""
    return {
        "_id": f"{factory_id}-{number}",
        "factory_id": factory_id,
        "country": "BD",
        "organisation_id": "",
        "event": kinds[number % len(kinds)],
        "event_id": f"{factory_id}-{number}",
        "at": NOW + timedelta(hours=number),
        "actor": OFFICER,
        "subject": f"factories/{factory_id}",
        "details": {"cluster": "osh", "point": "fire-safety", "due_day": "2026-12-01"},
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }
