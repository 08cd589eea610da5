"""SIGKILL at each named point of a service under load, then a restart: nothing lost, nothing twice, order kept."""

import random
import signal
import time

import pytest
from callers import Issuer, Load
from harness import World

from chassis.database import db
from chassis.fail_points import POINTS
from local_stack.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]


def test_a_kill_at_any_point_loses_doubles_and_reorders_nothing(
    world: World, issuer: Issuer, grpc_port: int, seed: int, choose: random.Random
) -> None:
    """All points one after the other, each in a new life of the same service, clients going on meanwhile."""
    points = sorted(POINTS)
    choose.shuffle(points)
    survive(world, issuer, grpc_port, points, seed, choose)


def survive(world: World, issuer: Issuer, grpc_port: int, points: list[str], seed: int, choose: random.Random) -> None:
    """Kill the service at each of the points under load, restart it, and compare history with state."""
    always = issuer.environment(grpc_port)
    load = Load(grpc_port, issuer.token(), seed).start()
    try:
        for point in points:
            child = world.start("all", FAIL_POINTS=f"{point}=kill:{choose.randint(2, 12)}", **always)
            child.join(180)
            assert child.exitcode == -signal.SIGKILL, f"{point} was not passed: {child.exitcode}"
        last = world.start("all", **always)
        time.sleep(1.5)
    finally:
        load.stop()
    wait_until(lambda: db().due_work.count_documents({}) == 0, 120, "due work is done")
    world.operations = load.operations
    assert world.anomalies() == []
    assert load.refusals == []
    assert len(load.operations) > len(points)
    check_deadlines(world, load)
    world.stop(last)


def check_deadlines(world: World, load: Load) -> None:
    """Each account has had its bonus once, and its letter was recorded once however often it was posted."""
    assert {row["_id"]: row["posted"] for row in db().letters.find()} == dict.fromkeys(load.opened, 1)
    assert set(world.letters.read_text().split()) == set(load.opened)
    for account in load.opened:
        bonuses = [amount for amount in db().counted.find_one({"_id": account})["amounts"] if amount == 1_000_000]
        assert len(bonuses) == 1, account
