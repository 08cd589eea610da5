"""The log is enough: replays and interleavings rebuild the same content, and what comes late sends nothing."""

import random
from collections.abc import Sequence

import ledger
import pytest
from harness import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_program import service

from chassis import kafka_clients, live_from, offsets
from chassis.applying import Applier, Record
from chassis.database import db
from chassis.republish import republish
from chassis.service import migrate
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def log(shared_world: World) -> list[Record]:
    """A log of twelve accounts whose facts lie interleaved, published by the relay."""
    choose = random.Random(7)  # noqa: S311
    names = [f"account-{number}" for number in range(12)]
    with shared_world.relay(), shared_world.consuming():
        for name in names:
            ledger.open_account(name)
        for amount in range(1, 60):
            ledger.credit(choose.choice(names), amount)
        assert shared_world.anomalies() == []
    return shared_world.records()


def replayed(records: Sequence[Record], generation: int) -> list[dict[str, object]]:
    """The content of the view after these records, in batches of uneven size, in a generation of its own."""
    ledger.balances.prepare(generation)
    db().positions.delete_many({"consumer": f"balances@{generation}"})
    ledger.balances.collection(generation).delete_many({})
    applier = Applier(ledger.VIEW_READER, generation, lambda _: False)
    for start in range(0, len(records), 17):
        applier.apply(records[start : start + 17])
    assert db().parked.count_documents({"consumer": applier.name}) == 0
    return list(ledger.balances.collection(generation).find().sort("_id", 1))


def test_replaying_the_log_gives_the_same_content_and_sends_nothing(log: list[Record]) -> None:
    """Promise of every read model."""
    effects = list(db().counted.find()), list(db().greetings.find())
    assert replayed(log, 100) == ledger.balances.content()
    assert replayed(log + log, 101) == ledger.balances.content()
    assert (list(db().counted.find()), list(db().greetings.find())) == effects


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_any_interleaving_of_the_aggregates_gives_the_same_content(log: list[Record], choose: random.Random) -> None:
    """Nobody may assume an order across aggregates; within one it holds."""
    queues: dict[bytes, list[Record]] = {}
    for record in log:
        queues.setdefault(dict(record.headers)["ce_subject"], []).append(record)
    shuffled = []
    while queues:
        key = choose.choice(sorted(queues))
        shuffled.append(queues[key].pop(0))
        if not queues[key]:
            del queues[key]
    assert replayed(shuffled, 102) == ledger.balances.content()


def test_even_against_the_order_all_ends_well(log: list[Record]) -> None:
    """A log read backwards is all gaps; each heals."""
    assert replayed(list(reversed(log)), 103) == ledger.balances.content()


def test_a_consumer_that_joins_late_keeps_state_and_sends_nothing_for_the_past(world: World) -> None:
    """Its policies run for what is published after its first start, exactly."""
    ledger.open_account("early", 3)
    with world.relay():
        wait_until(lambda: not db().facts.find_one({"pending": True}))
        with world.consuming():
            wait_until(world.settled)
            assert ledger.balances.reads().find_one({"_id": "early"})["balance"] == 6
            assert db().counted.find_one({}) is None
            assert db().greetings.find_one({}) is None
            ledger.credit("early", 4)
            ledger.open_account("late", 1)
            wait_until(world.settled)
    assert {row["_id"]: row["amounts"] for row in db().counted.find()} == {"early": [4], "late": [1]}
    assert [row["_id"] for row in db().greetings.find()] == ["late"]


def test_a_wiped_broker_is_rebuilt_from_the_facts(world: World) -> None:
    """Topics deleted, made again and filled by `republish`: nothing twice, and policies run for what is new."""
    with world.relay():
        with world.consuming():  # they are new while the log is empty, so every fact is live
            for number in range(6):
                ledger.open_account(f"before-{number}", 3)
            wait_until(world.settled)
            copies = republish(ledger.STREAM)  # the old topic holds every fact twice: its offsets are far ahead
            wait_until(world.settled)
        _wipe(world)
        assert republish(ledger.STREAM) == copies == 24
        wait_until(lambda: not db().facts.find_one({"pending": True}))
        ledger.credit("before-0", 50)  # published, and not applied yet
        with world.consuming():
            ledger.credit("before-1", 51)
            ledger.open_account("after", 2)
            assert world.anomalies() == []
            ledger.balances.collection(1).drop()
    migrate(service())
    assert replayed(world.records(), 100) != []


def test_a_new_reader_after_a_wipe_sends_nothing_for_the_past(world: World) -> None:
    """It had not read the old log to its end, so offsets cannot tell it what is old."""
    for number in range(3):
        ledger.open_account(f"unread-{number}", 2)
    with world.relay():
        for _ in range(2):  # every fact twice: the topic's end lies where the next topic will not be for long
            republish(ledger.STREAM)
            wait_until(lambda: not db().facts.find_one({"pending": True}))
        first_start_without_reading(world)
        _wipe(world)
        republish(ledger.STREAM)
        with world.consuming():
            wait_until(world.settled)
            assert db().greetings.count_documents({}) == 0
            for number in range(5):
                ledger.open_account(f"fresh-{number}", 1)
            wait_until(world.settled)
    assert {row["_id"] for row in db().greetings.find()} == {f"fresh-{number}" for number in range(5)}


def first_start_without_reading(world: World) -> None:
    """A consumer that noted where the log ended, and died."""
    admin, looker = kafka_clients.admin(world.settings), kafka_clients.looker(world.settings)
    ids, ends = offsets.topic_ids(admin, [world.topic]), offsets.ends(looker, [world.topic])
    live_from.note("greeter@1", ends, ids, world.settings.topic_prefix)
    admin.close()
    looker.close()


def _wipe(world: World) -> None:
    """Delete the topics as a lost cluster would, and make them again."""
    admin = kafka_clients.admin(world.settings)
    admin.delete_topics([world.topic])
    wait_until(lambda: world.topic not in admin.list_topics())
    admin.close()
    world.make_topics()
