"""What a consumer does with trouble: parks the aggregate, lets the rest flow, heals, and counts nothing twice."""

from collections.abc import Iterator

import ledger
import pytest
import raw
from harness import World
from raw import RawProducer

from chassis.database import db
from chassis.ids import new_id
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
VIEW, POLICY = "balances@1", "greeter@1"


@pytest.fixture(scope="module")
def line(shared_world: World) -> Iterator[World]:
    """Relay and both consumers at work."""
    with shared_world.relay(), shared_world.consuming():
        yield shared_world


@pytest.fixture
def producer(line: World) -> Iterator[RawProducer]:
    """For records that no relay would publish."""
    with RawProducer(line) as made:
        yield made


def amounts(key: str) -> list[int]:
    """The policy's effects at an account."""
    row = db().counted.find_one({"_id": key})
    return row["amounts"] if row else []


def balance(key: str) -> int:
    """The view's sum."""
    row = ledger.balances.reads().find_one({"_id": key})
    return row.get("balance", 0) if row else 0


def parked(consumer: str, key: str) -> list[tuple[int, str]]:
    """Sequence and reason of what waits."""
    rows = db().parked.find({"consumer": consumer, "key": key}).sort("_id", 1)
    return [(row["sequence"], row["reason"]) for row in rows]


def waiting(consumer: str, key: str) -> int:
    """What the position says of it."""
    row = db().positions.find_one({"consumer": consumer, "key": key})
    return row["waiting"] if row else 0


def test_a_handler_that_raises_loses_nothing_and_heals(line: World) -> None:
    """The aggregate parks in order, everything else flows, and all is applied once the handler can."""
    db().switches.insert_one({"_id": "fail"})
    ledger.open_account("sick", 1)
    for amount in (-7, 3, 4):
        ledger.credit("sick", amount)
    ledger.open_account("healthy", 2)
    wait_until(lambda: balance("healthy") == 3 and amounts("sick") == [1, -7, 3, 4], what="others and others' readers")
    wait_until(lambda: parked(VIEW, "sick") == [(3, "poison"), (4, "behind"), (5, "behind")])
    assert waiting(VIEW, "sick") == 3
    assert balance("sick") == 1
    db().switches.delete_one({"_id": "fail"})
    wait_until(lambda: balance("sick") == 1)
    assert line.anomalies() == []
    assert waiting(VIEW, "sick") == 0


def test_an_undecodable_value_parks_and_the_rest_flows(line: World, producer: RawProducer) -> None:
    """A value that is not what its header says blocks its aggregate only, and only where it is read."""
    producer.send(raw.headers("garbled", 1), b"\xff\xff\xff")
    producer.send(*raw.fact("garbled", 2))
    producer.send(*raw.fact("beside-garbled", 1, 8))
    wait_until(lambda: amounts("beside-garbled") == [8])
    for consumer in (VIEW, POLICY):
        wait_until(lambda name=consumer: parked(name, "garbled") == [(1, "undecodable"), (2, "behind")])
    assert amounts("garbled") == []


def test_unreadable_headers_park_by_their_place_and_the_rest_flows(line: World, producer: RawProducer) -> None:
    """A record that names no aggregate blocks nothing."""
    producer.send([("ce_specversion", b"1.0"), ("ce_id", b"\xff")], b"?", partition=1)
    producer.send([], b"", partition=1)
    producer.send(*raw.fact("beside-unreadable", 1, 9), partition=1)
    wait_until(lambda: amounts("beside-unreadable") == [9])
    rows = list(db().parked.find({"consumer": POLICY, "reason": "unreadable"}))
    assert {(row["partition"], row["next_attempt_at"]) for row in rows} == {(1, None)}
    assert len(rows) == 2


def test_a_gap_parks_its_aggregate_only_and_heals_when_the_missing_fact_arrives(
    line: World, producer: RawProducer
) -> None:
    """Facts 3 and 4 wait for 2, in order; another aggregate of the partition goes on."""
    for sequence in (1, 3, 4):
        producer.send(*raw.fact("gappy", sequence, sequence))
    producer.send(*raw.fact("beside-gap", 1, 5))
    wait_until(lambda: amounts("beside-gap") == [5])
    wait_until(lambda: parked(POLICY, "gappy") == [(3, "gap"), (4, "behind")])
    assert amounts("gappy") == [1]
    producer.send(*raw.fact("gappy", 2, 2))
    wait_until(lambda: amounts("gappy") == [1, 2, 3, 4])
    wait_until(lambda: waiting(POLICY, "gappy") == 0 and parked(POLICY, "gappy") == [])
    producer.send(*raw.fact("gappy", 5, 5))
    wait_until(lambda: amounts("gappy") == [1, 2, 3, 4, 5])


def test_every_message_three_times_changes_nothing(line: World, producer: RawProducer) -> None:
    """Duplicates are told by position, wherever they lie in the log."""
    for number in range(4):
        ledger.open_account(f"thrice-{number}", 3)
    wait_until(line.settled)
    seen = [one for one in line.records() if b"thrice-" in dict(one.headers).get("ce_subject", b"")]
    assert len({dict(one.headers)["ce_id"] for one in seen}) == 16
    for record in seen + seen:
        producer.again(record)
    producer.send(*raw.fact("after-thrice", 1, 3), partition=seen[0].partition)
    wait_until(lambda: amounts("after-thrice") == [3])
    ledger.credit("thrice-0", 4)
    wait_until(line.settled)
    assert [amounts(f"thrice-{number}") for number in range(4)] == [[1, 2, 3, 4], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    assert {row["times"] for row in db().greetings.find({"_id": {"$regex": "^thrice"}})} == {1}


def test_a_fork_parks_and_its_aggregate_waits(line: World, producer: RawProducer) -> None:
    """The same number under another id is a second history: nothing of it is applied."""
    producer.send(*raw.fact("forked", 1, 1))
    producer.send(*raw.fact("forked", 1, 100))
    producer.send(*raw.fact("forked", 2, 2))
    wait_until(lambda: parked(POLICY, "forked") == [(1, "fork"), (2, "behind")])
    assert amounts("forked") == [1]


def test_a_fork_of_a_parked_fact_is_kept_too(line: World, producer: RawProducer) -> None:
    """While a fact waits, another of the same number must not vanish as if it were its duplicate."""
    first, second = new_id(), new_id()
    producer.send(*raw.fact("fork-in-gap", 2, 2, first))
    producer.send(*raw.fact("fork-in-gap", 2, 2, first))
    producer.send(*raw.fact("fork-in-gap", 2, 200, second))
    producer.send(*raw.fact("after-fork-in-gap", 1, 1))
    wait_until(lambda: amounts("after-fork-in-gap") == [1])
    assert {row["event_id"] for row in db().parked.find({"consumer": POLICY, "key": "fork-in-gap"})} == {first, second}
    producer.send(*raw.fact("fork-in-gap", 1, 1))
    wait_until(lambda: parked(POLICY, "fork-in-gap") == [(2, "fork")])
    assert amounts("fork-in-gap") == [1, 2]
    assert waiting(POLICY, "fork-in-gap") == 1
