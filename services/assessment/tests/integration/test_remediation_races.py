"""Ends at bad moments and people who act at once: every line and every fact is there once, in order."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assessment.remediation import tables
from chassis import fail_points
from chassis.applying import Applier
from chassis.database import db
from chassis.fail_points import FailPointReached

from .following import follow, released, told
from .remediation import Q1, Q2, Q3, State, add, line, name_of, plan, prove, reject, verify
from .world import COLLEAGUE, FACTORY, LEADER, MANAGER, RINA, TARIQ, Refused, World

pytestmark = pytest.mark.stack
STREAM = "assessment-improvement-plans"


def once(point: str) -> Callable[[], None]:
    """Ends the worker at the first passage of the point."""
    passed: list[str] = []

    def end() -> None:
        if not passed:
            passed.append(point)
            raise FailPointReached(point)

    return end


def apply_and_end(at: str) -> None:
    """Fresh workers take up what is released; the first of them ends at the point."""
    fail_points.hook(at, once(at))
    try:
        for consumer in tables.REACTS:
            Applier(consumer, 1, lambda _: True).apply(released())
    except FailPointReached:
        pass
    finally:
        fail_points.hook(at, None)


def sequences(factory: str) -> list[int]:
    """The places of a plan's facts in its stream."""
    rows = db().facts.find({"stream": STREAM, "key": factory}).sort("order", 1)
    return [row["sequence"] for row in rows]


def test_an_end_at_any_point_opens_each_line_once(world: World) -> None:
    for point, factory in (("work.before", "bd-1001"), ("stream.handled", "bd-1002"), ("work.written", "bd-1003")):
        world.find([Q1, Q2], factory=factory)
        apply_and_end(point)
        follow()
        assert db().improvement_lines.count_documents({"factory_id": factory}) == 2, point
        assert sequences(factory) == [1, 2], point
    world.find([Q1, Q2, Q3], factory="bd-1001")
    apply_and_end("work.committed")
    follow()
    assert db().improvement_lines.count_documents({"factory_id": "bd-1001"}) == 3
    assert sequences("bd-1001") == [1, 2, 3], "the two that were open stay as they are"
    assert db().progress_reports.count_documents({}) == 4
    assert db().due_work.count_documents({"kind": "progress-report-overdue"}) == 4


def test_two_workers_that_meet_in_a_rebalance_open_each_line_once(world: World) -> None:
    world.find([Q3], factory="bd-1002")
    records = released()
    workers = [
        threading.Thread(target=Applier(consumer, 1, lambda _: True).apply, args=(records,))
        for consumer in tables.REACTS
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert db().parked.count_documents({}) == 0
    assert sequences("bd-1002") == [1, 2, 3, 4, 5], "two were opened before; now one more, and those two confirmed"


def test_people_who_change_different_lines_at_once_lose_nothing(world: World) -> None:
    requests = [add("bd-1003") for _ in range(12)]

    def both(request: Any) -> None:
        added = world.call(RINA, request).improvement_line
        world.call(TARIQ, plan(added.name))

    before = len(sequences("bd-1003"))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(both, requests))
    assert sequences("bd-1003") == list(range(1, before + 25))
    assert db().improvement_lines.count_documents({"factory_id": "bd-1003", "state": "planned"}) == 12


def test_of_two_who_judge_a_proof_at_once_one_is_told_that_it_is_judged(world: World) -> None:
    name = name_of(Q1)
    world.call(FACTORY, plan(name))
    world.call(FACTORY, prove(name))

    def judge(person: str) -> str:
        try:
            world.call(person, verify(name) if person == COLLEAGUE else reject(name))
        except Refused as refused:
            return refused.reason
        return "done"

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(judge, (COLLEAGUE, LEADER, RINA)))
    assert answers == ["IMPROVEMENT_LINE_WRONG_STATE", "IMPROVEMENT_LINE_WRONG_STATE", "done"]
    judged = [kind for kind, _ in told(STREAM, "bd-1001") if kind.endswith(("Verified", "Rejected"))]
    assert len(judged) == 1
    state = line(world, name, MANAGER).state
    assert state == (
        State.IMPROVEMENT_LINE_STATE_VERIFIED
        if judged == ["ImprovementLineVerified"]
        else State.IMPROVEMENT_LINE_STATE_PLANNED
    )
