"""One process on a real broker: killed while it reacts, decides and tells, then everything is done and told once."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from amplify.assessment.v1.improvement_plan_events_pb2 import ImprovementLineOpened
from amplify.finance_linkage.v1 import eligibility_events_pb2 as events
from amplify.finance_linkage.v1.eligibility_pb2 import EligibilityOutcome
from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.hold_events_pb2 import HoldPlaced
from amplify.programme.v1.programme_events_pb2 import FactoryEnrolled, FactoryProfile
from chassis.registry import streams
from finance_linkage.settings import FinanceLinkageSettings
from local_stack.service_process import ServiceProcess
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
STREAM = "finance-linkage-eligibility"
POINTS = ("stream.handled=kill:1", "due.settled=kill:1", "relay.sent=kill:1")
"""Where it dies: effects written and not committed, decided and not told, handed to the broker and not noted."""


@pytest.fixture(scope="module")
def process(mongodb_uri: str, kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> ServiceProcess:
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
    return ServiceProcess("finance_linkage", settings, folder, streams().values())


@pytest.fixture(scope="module")
def database(process: ServiceProcess) -> Iterator[Any]:
    """What the process keeps."""
    with MongoClient[dict[str, Any]](process.settings.mongodb_uri, tz_aware=True) as client:
        yield client[process.settings.mongodb_database]
        client.drop_database(process.settings.mongodb_database)


def test_it_decides_and_tells_once_however_often_it_dies(process: ServiceProcess, database: Any) -> None:
    dying = process.start(fail_points=POINTS[0])
    profile = FactoryProfile(display_name="Blue Delta Knit", status=FACTORY_STATUS_ACTIVE)
    enrolled = FactoryEnrolled(factory_id="bd-1001", country="BD", profile=profile)
    process.tell("programme-factories", "bd-1001", enrolled)
    line = ImprovementLineOpened(
        factory_id="bd-1001", line_id=str(uuid4()), country="BD", cluster="occupational-safety-and-health", point="x"
    )
    process.tell("assessment-improvement-plans", "bd-1001", line)
    for point in POINTS[1:]:
        wait_until(lambda dying=dying: not dying.running, 120)
        assert dying.exit_code == -signal.SIGKILL, process.log.read_text()
        dying = process.start(fail_points=point)
    wait_until(lambda: not dying.running, 120)
    alive = process.start()
    try:
        process.tell("programme-holds", "bd-1001", HoldPlaced(factory_id="bd-1001", country="BD"))
        wait_until(lambda: _has_told_all(database), 200)
        assert _last_outcome(process) == EligibilityOutcome.ELIGIBILITY_OUTCOME_NOT_ELIGIBLE
        _check(process, database)
    finally:
        alive.stop()


def _has_told_all(database: Any) -> bool:
    """Whether the factory, its line and its hold are known, decided on, and every decision told."""
    known = {name: {"$exists": True} for name in ("factory.status", "lines", "held")}
    if not database.view_dossiers_1.find_one({"_id": "bd-1001", **known}):
        return False
    due = database.due_work.count_documents({"due_at": {"$lte": datetime.now(UTC)}})
    return not due and not database.facts.count_documents({"pending": True})


def _last_outcome(process: ServiceProcess) -> int:
    decided = [
        one for one in _decisions(process.told(STREAM, "bd-1001")) if one.product_id == "safety-remediation-line"
    ]
    return decided[-1].outcome if decided else 0


def _decisions(told: dict[str, tuple[str, bytes]]) -> list[events.EligibilityDecided]:
    return [events.EligibilityDecided.FromString(value) for _, value in told.values()]


def _check(process: ServiceProcess, database: Any) -> None:
    """What was told is what was recorded, in order; each decision differs from the one before; one receipt each."""
    rows = list(database.facts.find({"key": "bd-1001", "stream": STREAM}).sort("sequence", 1))
    told = process.told(STREAM, "bd-1001")
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
        assert database.receipts.find_one({"_id": decisions[-1].receipt_digest}) is not None
    assert database.parked.count_documents({}) == 0
    assert "hold" not in repr([row["value"] for row in rows])
