"""What remediation counts for a country manager of 10,000 factories, against the bare aggregations that count it.

It is one of the five counts of the page of my work, and the bulk of it: every factory has six lines, a progress report
and a visit.
"""

import time
import uuid
from datetime import UTC, datetime, timedelta

from amplify.assessment.v1.improvement_plan_service_pb2 import CountRemediationWorkRequest
from amplify.assessment.v1.improvement_plan_service_pb2_grpc import ImprovementPlanServiceStub
from assessment.__main__ import compose
from assessment.domain.improvement_line import LineState
from assessment.domain.progress_report import ProgressState
from assessment.domain.visit_terms import VisitState
from assessment.settings import AssessmentSettings
from bench.measuring import Comparison, Stretch, measured, quantile
from bench.serving import ServerTime, called
from bench.stack import Stack, apart
from chassis.database import Row, db
from chassis.service import configure, migrate
from chassis.settings import Settings

FACTORIES = 10_000
LINES = 6
CALLS = 40
WARM_UP = 5
MANAGER = str(uuid.UUID(int=7))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LINE_STATES = [LineState.OPEN, LineState.PLANNED, LineState.PROVEN, LineState.PLANNED, LineState.VERIFIED]


def run(stack: Stack) -> list[Comparison]:
    """Server time and time as a client sees it, of one count of everything."""
    server, times, ours, bare_times, bare = apart(measure, stack)
    name = f"my work, remediation's count, {FACTORIES:,} factories, {FACTORIES * (LINES + 2):,} pieces"
    return [
        Comparison(f"{name}: server time, mean", server, sum(bare_times) / len(bare_times), "ms"),
        Comparison("– as a client sees it, p50", quantile(times, 0.5), quantile(bare_times, 0.5), "ms"),
        Comparison("– as a client sees it, p99", quantile(times, 0.99), quantile(bare_times, 0.99), "ms"),
        Comparison("– CPU of all processes", ours.cpu_ms, bare.cpu_ms, "ms"),
    ]


def measure(stack: Stack) -> tuple[float, list[float], Stretch, list[float], Stretch]:
    """Both sides in turn on the same data."""
    settings = stack.settings()
    _seed(settings)
    with called("assessment", settings, MANAGER, "country-manager") as (pid, channel, metrics):
        stub = ImprovementPlanServiceStub(channel)
        request = CountRemediationWorkRequest()

        def ask() -> None:
            assert stub.CountRemediationWork(request).work

        for _ in range(WARM_UP):
            ask()
        spent = ServerTime(metrics, "CountRemediationWork")
        times = []
        with measured(CALLS, pid, stack.mongod) as ours:
            for _ in range(CALLS):
                begun = time.perf_counter()
                ask()
                times.append((time.perf_counter() - begun) * 1000)
        server = spent.mean_ms()
    bare_times = []
    _count()
    with measured(CALLS, stack.mongod) as bare:
        for _ in range(CALLS):
            begun = time.perf_counter()
            _count()
            bare_times.append((time.perf_counter() - begun) * 1000)
    return server, times, ours, bare_times, bare


def _count() -> None:
    """The same numbers, as pymongo alone asks for them."""
    wanted: dict[str, list[str]] = {
        "improvement_lines": [LineState.OPEN, LineState.PLANNED, LineState.PROVEN],
        "progress_reports": [ProgressState.OPEN],
        "advisory_visits": [VisitState.PLANNED],
    }
    late = {"$lte": ["$due_at", NOW]}
    for name, states in wanted.items():
        match = {"country": {"$in": ["BD"]}, "state": {"$in": [str(state) for state in states]}}
        group = {"_id": {"state": "$state", "late": late}, "count": {"$sum": 1}, "oldest": {"$min": "$due_at"}}
        assert list(db()[name].aggregate([{"$match": match}, {"$group": group}]))


def _seed(settings: Settings) -> None:
    """Indexes, and what remediation of every factory would have left."""
    own = AssessmentSettings(**settings.model_dump())
    service = compose(own)
    configure(service, own)
    migrate(service)
    for start in range(0, FACTORIES, 500):
        numbers = range(start, min(start + 500, FACTORIES))
        db().improvement_lines.insert_many([_line(n, part) for n in numbers for part in range(LINES)], ordered=False)
        db().progress_reports.insert_many([_row(n, 0, ProgressState.OPEN) for n in numbers], ordered=False)
        db().advisory_visits.insert_many([_row(n, 0, VisitState.PLANNED) for n in numbers], ordered=False)


def _line(number: int, part: int) -> Row:
    state = LINE_STATES[(number + part) % len(LINE_STATES)]
    words = {"issue": "A fire door is locked while people work.", "cluster": "osh", "point": "fire-safety"}
    return _row(number, part, state) | words


def _row(number: int, part: int, state: str) -> Row:
    """A document as far as counting looks at it."""
    at = NOW + timedelta(days=(number * 7 + part) % 120 - 60)
    return {
        "_id": f"{number}-{part}",
        "version": 1,
        "order": 0,
        "sequences": {},
        "factory_id": f"bd-{number}",
        "country": "BD",
        "advisor": str(uuid.UUID(int=number % 50)),
        "state": str(state),
        "since": at - timedelta(days=30),
        "opened_at": at - timedelta(days=30),
        "due_at": at,
    }
