"""Brokers and primaries that die under load: writes are kept, and everything is published and applied afterwards."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ledger
import pytest
from callers import Issuer, Load
from harness import World, frozen
from kafka.errors import KafkaError
from worlds import make_world

from chassis import database, fail_points
from chassis.database import db
from chassis.lease import Held
from chassis.relay import Relay
from chassis.unit_of_work import unit_of_work
from local_stack.kafka import Kafka
from local_stack.mongo import ReplicaSet
from local_stack.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.fixture
def world_of(unique_name: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[[str, str], World]]:
    """Makes a world on infrastructure of this test alone."""
    made: list[World] = []

    def make(uri: str, bootstrap: str) -> World:
        made.append(make_world(uri, bootstrap, unique_name("ledger"), tmp_path))
        return made[-1]

    yield make
    for world in made:
        world.close()
        database.client().close()


def test_writes_go_on_without_a_broker_and_are_published_afterwards(
    mongodb_uri: str,
    own_kafka: Kafka,
    world_of: Callable[[str, str], World],
    issuer: Issuer,
    grpc_port: int,
    seed: int,
    outage_seconds: float,
) -> None:
    """SIGKILL of the only broker: clients notice nothing, and no process needs a hand when it is back."""
    world = world_of(mongodb_uri, own_kafka.bootstrap)
    child = world.start("all", **issuer.environment(grpc_port))
    load = Load(grpc_port, issuer.token(), seed, pause=0.05).start()
    try:
        wait_until(lambda: db().counted.count_documents({}) >= 3)
        own_kafka.child.kill()
        before = load.answered()
        time.sleep(outage_seconds)
        wait_until(lambda: load.answered() - before > outage_seconds * 5, what="writes go on without a broker")
        wait_until(lambda: db().facts.count_documents({"pending": True}) > outage_seconds * 5)
        own_kafka.start().await_ready()
    finally:
        load.stop()
    world.operations = load.operations
    assert world.anomalies(180) == []
    assert load.refusals == []
    assert child.exitcode is None
    world.stop(child)


def test_a_primary_killed_in_the_middle_of_transactions_loses_and_doubles_nothing(
    kafka_bootstrap: str,
    three_mongodb_nodes: ReplicaSet,
    world_of: Callable[[str, str], World],
    issuer: Issuer,
    grpc_port: int,
    seed: int,
) -> None:
    """The service stops with a transaction written and not committed; its primary dies; it wakes."""
    world = world_of(three_mongodb_nodes.uri, kafka_bootstrap)
    child = world.start("all", FAIL_POINTS=f"work.written=freeze:{30 + seed * 7}", **issuer.environment(grpc_port))
    assert child.pid
    load = Load(grpc_port, issuer.token(), seed).start()
    try:
        wait_until(lambda: frozen(child.pid or 0))
        primary = wait_until(three_mongodb_nodes.primary)
        primary.kill()
        os.kill(child.pid, signal.SIGCONT)
        before = load.answered()
        wait_until(lambda: load.answered() > before + 30, 120, "writes go on at the new primary")
        primary.start()
        wait_until(lambda: three_mongodb_nodes.primary() is not None)
        time.sleep(1)
    finally:
        load.stop()
    world.operations = load.operations
    assert world.anomalies(180) == []
    assert load.refusals == []
    assert child.exitcode is None
    world.stop(child)


def test_what_was_acknowledged_before_the_broker_died_is_marked(
    mongodb_uri: str, own_kafka: Kafka, world_of: Callable[[str, str], World]
) -> None:
    """It has taken three facts of a round and dies before the fourth is tried again; they do not go out twice."""
    world = world_of(mongodb_uri, own_kafka.bootstrap)
    relay = Relay(world.settings)
    ledger.open_account("taken", 2)
    unit_of_work(lambda: ledger.accounts.add(ledger.Account.open("refused", "x")))
    db().facts.update_one({"key": "refused"}, {"$set": {"value": b"x" * 2_000_000}})

    def die() -> None:
        relay._connected().flush(timeout=30)
        own_kafka.child.kill()

    fail_points.hook("relay.sent", die)
    try:
        with pytest.raises(KafkaError):
            relay.round(Held("relay", 1))
    finally:
        fail_points.hook("relay.sent", None)
    assert [row["key"] for row in db().facts.find({"pending": True})] == ["refused"]
    assert db().held.count_documents({}) == 0, "an outage says nothing of a fact"
    own_kafka.start().await_ready()
    assert relay.round(Held("relay", 1)) == 0
    assert [row["key"] for row in db().held.find()] == ["refused"]
    assert [place[:2] for place in world.snapshot().topic] == [("taken", 1), ("taken", 2), ("taken", 3)]
