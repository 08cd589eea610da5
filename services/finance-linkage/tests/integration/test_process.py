"""One process on a real broker: killed while it reacts, decides and tells, then everything is done and told once."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message import Message as Proto
from kafka import TopicPartition
from pymongo import MongoClient

from amplify.assessment.v1.improvement_plan_events_pb2 import ImprovementLineOpened
from amplify.finance_linkage.v1 import eligibility_events_pb2 as events
from amplify.finance_linkage.v1.eligibility_pb2 import EligibilityOutcome
from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.hold_events_pb2 import HoldPlaced
from amplify.programme.v1.programme_events_pb2 import FactoryEnrolled, FactoryProfile
from chassis import kafka_clients, topics
from chassis.envelope import Envelope, encode
from chassis.registry import streams
from finance_linkage.settings import FinanceLinkageSettings
from local_stack.processes import Child

from .world import eventually

pytestmark = pytest.mark.stack
STREAM = "finance-linkage-eligibility"
POINTS = ("stream.handled=kill:1", "due.settled=kill:1", "relay.sent=kill:1")
"""Where it dies: effects written and not committed, decided and not told, handed to the broker and not noted."""


class Running:
    """`python -m finance_linkage` with topics and a database of its own."""

    def __init__(self, settings: FinanceLinkageSettings, folder: Path) -> None:
        self.settings, self.log = settings, folder / "finance.log"
        self.database: Any = MongoClient(settings.mongodb_uri, tz_aware=True)[settings.mongodb_database]
        values = settings.model_dump().items()
        self._environment = {**os.environ, **{name.upper(): str(value) for name, value in values if value}}
        topics.ensure(settings, streams().values())
        migrate = self.start("migrate")
        eventually(lambda: not migrate.running, 120)
        assert migrate.exit_code == 0, self.log.read_text()

    def start(self, role: str = "all", fail_points: str = "") -> Child:
        """Start it in this role, perhaps to die at a point."""
        environment = {**self._environment, "FAIL_POINTS": fail_points}
        return Child("finance", [sys.executable, "-m", "finance_linkage", role], self.log, environment).start()

    def tell(self, stream: str, key: str, sequence: int, fact: Proto) -> None:
        """Publish a fact as its relay would when it wakes late: twice."""
        now = datetime.now(UTC) - timedelta(minutes=1)
        envelope = Envelope(str(uuid4()), fact.DESCRIPTOR.full_name, "/test", key, now, sequence, str(uuid4()))
        producer = kafka_clients.producer(self.settings)
        for _ in range(2):
            producer.send(
                f"{self.settings.topic_prefix}{stream}",
                key=key.encode(),
                value=fact.SerializeToString(),
                headers=encode(envelope),
            ).get(timeout=60)
        producer.close(timeout=5)

    def told(self, key: str) -> dict[str, bytes]:
        """What is on the topic of decisions about a factory: value by event id, in order, repetitions once."""
        topic = f"{self.settings.topic_prefix}{STREAM}"
        consumer = kafka_clients.looker(self.settings)
        places = [TopicPartition(topic, number) for number in range(streams()[STREAM].partitions)]
        consumer.assign(places)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(places)
        found: dict[str, bytes] = {}
        while any(consumer.position(place) < ends[place] for place in places):
            for batch in consumer.poll(timeout_ms=500).values():
                for record in batch:
                    if record.key == key.encode():
                        found.setdefault(dict(record.headers)["ce_id"].decode(), record.value)
        consumer.close()
        return found


@pytest.fixture(scope="module")
def running(mongodb_uri: str, kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Topics and a migrated database, and no process yet."""
    folder, name = tmp_path_factory.mktemp("process"), f"t{uuid4().hex[:10]}"
    settings = FinanceLinkageSettings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"{name}-finance",
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"{name}-",
        consumer_session_seconds=6.0,
        spans_dir=folder / "spans",
        oidc_issuer="http://127.0.0.1:1",
    )
    made = Running(settings, folder)
    yield made
    made.database.client.drop_database(settings.mongodb_database)
    made.database.client.close()


def test_it_decides_and_tells_once_however_often_it_dies(running: Running) -> None:
    dying = running.start(fail_points=POINTS[0])
    profile = FactoryProfile(display_name="Blue Delta Knit", status=FACTORY_STATUS_ACTIVE)
    enrolled = FactoryEnrolled(factory_id="bd-1001", country="BD", profile=profile)
    running.tell("programme-factories", "bd-1001", 1, enrolled)
    line = ImprovementLineOpened(
        factory_id="bd-1001", line_id=str(uuid4()), country="BD", cluster="occupational-safety-and-health", point="x"
    )
    running.tell("assessment-improvement-plans", "bd-1001", 1, line)
    for point in POINTS[1:]:
        eventually(lambda dying=dying: not dying.running, 120)
        assert dying.exit_code == -signal.SIGKILL, running.log.read_text()
        dying = running.start(fail_points=point)
    eventually(lambda: not dying.running, 120)
    alive = running.start()
    try:
        running.tell("programme-holds", "bd-1001", 1, HoldPlaced(factory_id="bd-1001", country="BD"))
        eventually(lambda: _has_told_all(running), 200)
        assert _last_outcome(running) == EligibilityOutcome.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE
        _check(running)
    finally:
        alive.stop()


def _has_told_all(running: Running) -> bool:
    """Whether the factory, its line and its hold are known, decided on, and every decision told."""
    known = {name: {"$exists": True} for name in ("factory.status", "lines", "held")}
    if not running.database.view_dossiers_1.find_one({"_id": "bd-1001", **known}):
        return False
    due = running.database.due_work.count_documents({"due_at": {"$lte": datetime.now(UTC)}})
    return not due and not running.database.facts.count_documents({"pending": True})


def _last_outcome(running: Running) -> int:
    decided = [one for one in _decisions(running.told("bd-1001")) if one.product_id == "safety-remediation-line"]
    return decided[-1].outcome if decided else 0


def _decisions(told: dict[str, bytes]) -> list[events.EligibilityDecided]:
    return [events.EligibilityDecided.FromString(value) for value in told.values()]


def _check(running: Running) -> None:
    """What was told is what was recorded, in order; each decision differs from the one before; one receipt each."""
    rows = list(running.database.facts.find({"key": "bd-1001", "stream": STREAM}).sort("sequence", 1))
    told = running.told("bd-1001")
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert list(told) == [row["event_id"] for row in rows]
    by_product: dict[str, list[events.EligibilityDecided]] = {}
    for one in _decisions(told):
        by_product.setdefault(one.product_id, []).append(one)
    assert len(by_product) == 5
    for decisions in by_product.values():
        assert decisions[0].previous_outcome == 0
        for before, after in pairwise(decisions):
            assert (before.outcome, before.tier, list(before.missing)) != (
                after.outcome,
                after.tier,
                list(after.missing),
            )
        assert running.database.receipts.find_one({"_id": decisions[-1].receipt_digest}) is not None
    assert running.database.parked.count_documents({}) == 0
    assert "hold" not in repr([row["value"] for row in rows])
