"""Two relays: one publishes, and one that was away changes no effect and ends within a round."""

import os
import signal
from collections import Counter

import ledger
import pytest
from harness import World, frozen

from chassis.database import db
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
KEPT_SECONDS = "8"
"""The lease of the second relay, so long that a pause of its process does not lose it."""


def holder() -> str:
    """The process that holds the lease."""
    row = db().leases.find_one({"_id": "relay"})
    return str(row["holder"].split("/")[1]) if row else ""


def test_a_relay_that_wakes_late_repeats_one_round_and_publishes_no_more(world: World, seed: int) -> None:
    """The first relay stops with what it has read, past its lease; the second takes over; the first wakes."""
    with world.consuming():
        for number in range(5):
            ledger.open_account(f"stale-{number}", 3)
        first = world.start("relay", FAIL_POINTS="relay.read=freeze:1")
        assert first.pid
        wait_until(lambda: frozen(first.pid or 0))
        assert holder() == str(first.pid)
        second = world.start("relay", LEDGER_LEASE_SECONDS=KEPT_SECONDS)
        wait_until(world.settled)
        assert holder() == str(second.pid)
        stale = set(_published(world))

        os.kill(first.pid, signal.SIGCONT)
        wait_until(lambda: _all_twice(world, stale), what="the round that the first relay still held")
        for number in range(40):
            ledger.credit(f"stale-{number % 5}", 10 + number)
        assert world.anomalies() == []
        times = _published(world)
        assert {times[id] for id in times.keys() - stale} == {1}
        assert {times[id] for id in stale} == {2}
        assert holder() == str(second.pid)

        os.kill(second.pid or 0, signal.SIGKILL)
        ledger.credit("stale-0", 100)
        wait_until(world.settled)
        assert holder() == str(first.pid)
        assert world.anomalies() == []
    world.stop(first)


def _all_twice(world: World, ids: set[str]) -> bool:
    times = _published(world)
    return all(times[id] >= 2 for id in ids)


def _published(world: World) -> Counter[str]:
    """How often each fact lies on the topic."""
    return Counter(dict(record.headers)["ce_id"].decode() for record in world.records())
