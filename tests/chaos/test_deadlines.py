"""Deadlines fire once: with kills between due and effect, a late start, and several workers at once."""

import time
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import ledger
import pytest
from harness import World

from chassis import clock
from chassis.database import db
from chassis.due_work import deadlines
from chassis.unit_of_work import unit_of_work
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
MONTH = timedelta(days=28)
POINTS = ("due.claimed", "work.before", "work.written", "due.attempted", "work.committed", "due.settled")


@pytest.fixture
def calendar(world: World) -> Path:
    """The file that moves the business clock of every process of this test."""
    return world.folder / "clock"


def start(world: World, calendar: Path, fail: str = "") -> ForkServerProcess:
    """Start a worker for due work that follows the calendar."""
    return world.start("due", BUSINESS_CLOCK_FILE=str(calendar), FAIL_POINTS=fail)


def set_for_later(*accounts: str) -> None:
    """Accounts with a bonus and a letter in 28 days."""
    for account in accounts:
        ledger.open_account(account)
        for kind in ledger.DUE:
            unit_of_work(lambda kind=kind, key=account: deadlines.set(kind, key, clock.now() + MONTH))


def balances() -> dict[str, int]:
    """What the accounts hold."""
    return {row["_id"]: row["balance"] for row in db().accounts.find()}


def test_a_kill_between_due_and_effect_and_a_late_start_fire_once(world: World, calendar: Path, seed: int) -> None:
    """Nobody was there when they came due; then workers die at each step; at last two work at once."""
    clock.move(calendar, MONTH.total_seconds() + 3600)
    accounts = [f"{number}{letter}" for number in range(len(POINTS)) for letter in "abc"]
    for number, point in enumerate(POINTS):
        set_for_later(*accounts[3 * number : 3 * number + 3])  # work enough for the point to be reached `seed` times
        child = start(world, calendar, f"{point}=kill:{seed if point.startswith('due') else 1}")
        child.join(120)
        assert child.exitcode == -9, point
    set_for_later("late")
    clock.move(calendar, 2 * MONTH.total_seconds() + 3600)
    workers = [start(world, calendar), start(world, calendar)]
    wait_until(lambda: db().due_work.count_documents({}) == 0, 120)
    assert balances() == dict.fromkeys([*accounts, "late"], ledger.BONUS)
    assert {row["_id"]: row["posted"] for row in db().letters.find()} == dict.fromkeys([*accounts, "late"], 1)
    assert set(world.letters.read_text().split()) == {*accounts, "late"}
    for worker in workers:
        world.stop(worker)


def test_deadlines_follow_the_business_clock_and_are_moved_and_cancelled(world: World, calendar: Path) -> None:
    """Set, moved and cancelled in a unit of work; nothing fires early."""
    clock.move(calendar, 0)
    worker = start(world, calendar)
    set_for_later("kept", "moved", "cancelled")
    unit_of_work(lambda: deadlines.set("bonus", "moved", clock.now() + 2 * MONTH))
    unit_of_work(lambda: deadlines.cancel("bonus", "cancelled"))
    with pytest.raises(ValueError, match="changed my mind"):
        unit_of_work(_cancel_and_fail)
    clock.move(calendar, MONTH.total_seconds() - 3600)
    time.sleep(1)  # several looks of the worker
    assert set(balances().values()) == {0}
    clock.move(calendar, MONTH.total_seconds() + 60)
    wait_until(lambda: balances() == {"kept": ledger.BONUS, "moved": 0, "cancelled": 0})
    clock.move(calendar, 2 * MONTH.total_seconds() + 60)
    wait_until(lambda: balances() == {"kept": ledger.BONUS, "moved": ledger.BONUS, "cancelled": 0})
    world.stop(worker)


def _cancel_and_fail() -> None:
    deadlines.cancel("bonus", "kept")
    raise ValueError("changed my mind")
