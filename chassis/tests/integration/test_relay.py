"""The relay publishes what is committed, in order per aggregate, and marks only what the broker has."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import ledger
import pytest
import raw
from commands_seen import Command, before_each
from harness import World
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import MessageSizeTooLargeError

from chassis import fail_points, kafka_clients, topics
from chassis.database import client, db, ensure_collections
from chassis.fail_points import FailPointReached
from chassis.ids import new_id
from chassis.lease import Held, Lease
from chassis.registry import Stream
from chassis.relay import Relay
from chassis.unit_of_work import unit_of_work
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
HELD = Held("relay", 1)
LARGE = "x" * 880_000


@pytest.fixture
def relay(world: World) -> Iterator[Relay]:
    """A relay whose rounds the test turns itself."""
    made = Relay(world.settings)
    yield made
    made._drop_producer()


def pending() -> int:
    """How many facts are not marked."""
    return db().facts.count_documents({"pending": True})


def published(world: World, *keys: str) -> list[tuple[str, int]]:
    """Key and number of what lies on the topic, each where it lies first: a relay may repeat itself."""
    return list(dict.fromkeys(place[:2] for place in world.snapshot().topic if place[0] in keys))


def turn_until(relay: Relay, left: int) -> None:
    """Turn rounds until so many facts are pending."""

    def turned() -> bool:
        relay.round(HELD)
        return pending() == left

    wait_until(turned)


def allow_records(world: World, size: int) -> None:
    """Have the broker's topic take records of so many bytes at most."""
    admin = kafka_clients.admin(world.settings)
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, world.topic, {"max.message.bytes": str(size)})])
    admin.close()


def refuses_large(world: World, key: str) -> bool:
    """Whether the broker refuses a large record of this key by now; it follows its settings a moment later."""
    producer = kafka_clients.producer(world.settings)
    large = {"value": LARGE[:5000].encode(), "headers": raw.headers("probe", 1)}
    try:
        producer.send(world.topic, key=key.encode(), **large).get(timeout=30)
    except MessageSizeTooLargeError:
        return True
    finally:
        producer.close(timeout=5)
    return False


def test_a_round_that_ends_before_the_acknowledgement_marks_nothing(world: World, relay: Relay) -> None:
    """What was handed to the producer may be lost with it."""
    ledger.open_account("a", 2)

    def end() -> None:
        raise FailPointReached

    fail_points.hook("relay.sent", end)
    try:
        with pytest.raises(FailPointReached):
            relay.round(HELD)
    finally:
        fail_points.hook("relay.sent", None)
    assert pending() == 3
    assert relay.round(HELD) == 3
    assert pending() == 0
    assert relay.round(HELD) == 0
    assert world.anomalies(0.1)[:1] != []  # nobody consumes here; the topic itself is complete:
    assert [place[:2] for place in world.snapshot().topic][-3:] == [("a", 1), ("a", 2), ("a", 3)]


def test_a_read_never_sees_a_later_fact_without_the_earlier_one(world: World, relay: Relay) -> None:
    """A transaction with a low order commits while the cursor has passed it, then the aggregate goes on.

    The reply of the server is cut at 16 MiB, so the cursor stops between two batches of large facts.
    """
    client().admin.command("setParameter", 1, transactionLifetimeLimitSeconds=60)
    ledger.open_account("slow")
    written, commit = threading.Event(), threading.Event()

    def hold_open() -> None:
        if threading.current_thread() is late:
            written.set()
            commit.wait(50)

    def on_second_batch(command: Command) -> None:
        if "getMore" in command and not commit.is_set():
            commit.set()
            late.join(60)
            ledger.credit("slow", 2)

    late = threading.Thread(target=lambda: ledger.credit("slow", 1), daemon=True)
    db().facts.update_many({}, {"$unset": {"pending": ""}})
    fail_points.hook("work.written", hold_open)
    try:
        late.start()
        assert written.wait(30)
        for number in range(22):
            key = f"large-{number}"
            unit_of_work(lambda key=key: ledger.accounts.add(ledger.Account.open(key, LARGE)))
        with before_each(on_second_batch):
            rows = relay._pending()
    finally:
        fail_points.hook("work.written", None)
        commit.set()
    assert commit.is_set()
    assert not late.is_alive()
    assert [row["sequence"] for row in rows if row["key"] == "slow"] in ([], [2], [2, 3])
    assert [row["sequence"] for row in relay._pending() if row["key"] == "slow"] == [2, 3]


def test_a_fact_that_the_broker_refuses_for_good_holds_its_aggregate_only(world: World, relay: Relay) -> None:
    """Others flow; its later facts wait behind it; once the broker takes it, order is kept."""
    allow_records(world, 2000)
    wait_until(lambda: refuses_large(world, "big"))
    unit_of_work(lambda: ledger.accounts.add(ledger.Account.open("big", LARGE[:5000])))
    ledger.credit("big", 1)
    ledger.open_account("small", 1)
    turn_until(relay, 2)
    assert [(row["stream"], row["key"]) for row in db().held.find()] == [(ledger.STREAM, "big")]
    assert published(world, "big", "small") == [("small", 1), ("small", 2)]
    allow_records(world, 1_000_000)

    def try_again() -> bool:
        db().held.update_many({}, {"$unset": {"retry_at": ""}})
        relay.round(HELD)
        return pending() == 0

    wait_until(try_again)
    assert published(world, "big") == [("big", 1), ("big", 2)]
    assert db().held.count_documents({}) == 0


def test_what_one_stream_refuses_holds_nothing_of_the_same_aggregate_in_another(world: World, relay: Relay) -> None:
    """The streams of an aggregate know nothing of each other, neither in the round of the refusal nor later."""
    other = Stream("test-others", "ledger", 1, frozenset({"google.protobuf.StringValue"}))
    assert topics.ensure(world.settings, [other]) == []
    allow_records(world, 2000)
    wait_until(lambda: refuses_large(world, "big"))
    unit_of_work(lambda: ledger.accounts.add(ledger.Account.open("big", LARGE[:5000])))
    told = db().facts.find_one({"key": "big"})
    assert told is not None

    def tell_elsewhere(sequence: int) -> None:
        place = {"_id": f"test-others/big/{sequence}", "stream": "test-others", "sequence": sequence}
        later = {"event_id": new_id(), "order": told["order"] + sequence, "value": b""}
        db().facts.insert_one(told | place | later)

    for sequence in (1, 2):
        tell_elsewhere(sequence)
        turn_until(relay, 1)
        assert [row["stream"] for row in db().facts.find({"pending": True})] == [ledger.STREAM]
        assert [row["_id"] for row in db().held.find()] == [f"{ledger.STREAM}/big"]


def test_what_version_0_1_held_is_held_anew(world: World, relay: Relay) -> None:
    """Its rows name no stream; they neither stop the relay nor stay for ever."""
    db().held.insert_one({"_id": "old", "stream": ledger.STREAM, "retry_at": datetime.now(UTC) + timedelta(hours=1)})
    ledger.open_account("old", 1)
    turn_until(relay, 0)
    assert published(world, "old") == [("old", 1), ("old", 2)]
    ensure_collections()
    assert db().held.count_documents({}) == 0


def test_a_lease_has_one_holder_by_the_servers_clock(world: World) -> None:
    """It is kept by renewing, taken only after its end or release, and each new holder has a higher epoch."""
    first, second = Lease("thing", 1.0), Lease("thing", 600.0)
    one = first.acquire()
    assert one is not None
    two = wait_until(second.acquire)
    assert two.epoch == one.epoch + 1
    assert first.acquire() is None
    assert second.acquire() == two
    second.release()
    three = first.acquire()
    assert three is not None
    assert three.epoch == two.epoch + 1
