"""A topic that is missing stops nothing else: its stream is set aside until it is there."""

import contextlib
from collections.abc import Iterator

import ledger
import pytest
from harness import World
from kafka.errors import KafkaError

from chassis import holding, kafka_clients, offsets, topics
from chassis.database import db
from chassis.ids import new_id
from chassis.lease import Held
from chassis.registry import Stream
from chassis.relay import Relay
from local_stack import topic_records
from local_stack.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
HELD = Held("relay", 1)
OTHER = Stream("test-others", "ledger", 1, frozenset({"google.protobuf.StringValue"}))
LEDGER_FACTS = [("a", 1), ("a", 2), ("a", 3)]


@pytest.fixture
def relay(world: World) -> Iterator[Relay]:
    """A relay whose rounds the test turns itself."""
    made = Relay(world.settings)
    yield made
    made._drop_producer()


def tell_elsewhere(*sequences: int) -> None:
    """Facts of the account `a` in the other stream, older than those that it tells later."""
    told = db().facts.find_one({"key": "a"})
    assert told is not None
    for sequence in sequences:
        place = {"_id": f"test-others/a/{sequence}", "stream": OTHER.name, "sequence": sequence, "pending": True}
        db().facts.insert_one(told | place | {"event_id": new_id(), "order": sequence, "value": b""})


def waiting() -> list[str]:
    """Which facts are not marked."""
    return [row["_id"] for row in db().facts.find({"pending": True}).sort("_id", 1)]


def there(world: World) -> list[tuple[str, int]]:
    """Key and number of whatever lies on the ledger's topic, repeated or not."""
    return sorted(place[:2] for place in world.snapshot().topic)


def elsewhere(world: World) -> list[bytes]:
    """The numbers on the other topic, in order, each where it lies first."""
    looker = kafka_clients.looker(world.settings)
    records = topic_records.whole(looker, f"{world.settings.topic_prefix}{OTHER.name}")
    return list(dict.fromkeys(dict(one.headers)["ce_sequence"] for one in records))


def try_all_now(relay: Relay) -> bool:
    """Turn a round in which nothing is set aside; whether nothing waits any more."""
    db().held.update_many({}, {"$unset": {"retry_at": ""}})
    with contextlib.suppress(KafkaError):
        relay.round(HELD)
    return waiting() == []


def test_a_stream_without_a_topic_waits_alone_and_others_flow(world: World, relay: Relay) -> None:
    """Its facts stand first in the line; nothing is published twice for it, and it goes on once it has its topic."""
    ledger.open_account("a", 2)
    tell_elsewhere(1, 2)
    assert relay.round(HELD) == 3
    assert waiting() == ["test-others/a/1", "test-others/a/2"]
    held = [(row["_id"], row["key"], row["error"]) for row in db().held.find()]
    assert held == [("test-others", "", "UnknownTopicOrPartitionError")]
    assert holding.counts() == (0, 1)
    assert not try_all_now(relay)
    assert relay.round(HELD) == 0
    assert there(world) == LEDGER_FACTS
    assert topics.ensure(world.settings, [OTHER]) == []
    wait_until(lambda: try_all_now(relay))
    assert elsewhere(world) == [b"1", b"2"]
    assert holding.counts() == (0, 0)


def test_a_topic_that_is_deleted_under_the_relay_sets_its_stream_aside_too(world: World, relay: Relay) -> None:
    """The producer has known it, so it is the broker's refusal that tells."""
    assert topics.ensure(world.settings, [OTHER]) == []
    ledger.open_account("a")
    tell_elsewhere(1)
    assert relay.round(HELD) == 2
    name = f"{world.settings.topic_prefix}{OTHER.name}"
    with contextlib.closing(kafka_clients.admin(world.settings)) as admin:
        admin.delete_topics([name])
        wait_until(lambda: offsets.missing(admin, [name]))
    tell_elsewhere(2)
    ledger.credit("a", 1)
    ledger.credit("a", 1)
    assert relay.round(HELD) == 2
    assert waiting() == ["test-others/a/2"]
    assert holding.counts() == (0, 1)
