"""What a topic has and the registry says otherwise is told, and changed by nobody."""

import contextlib
from collections.abc import Iterator

import ledger
import pytest
from harness import World
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic

from chassis import kafka_clients, topics
from chassis.registry import Stream
from chassis.topics import Difference
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
MADE_BY_HAND = Stream("test-by-hand", "ledger", 2, frozenset(), config={"max.message.bytes": "1000000"})


@pytest.fixture
def admin(world: World) -> Iterator[KafkaAdminClient]:
    """An administrator."""
    with contextlib.closing(kafka_clients.admin(world.settings)) as made:
        yield made


def test_a_topic_that_was_made_by_hand_differs_in_all_that_the_registry_says(
    world: World, admin: KafkaAdminClient
) -> None:
    """Partitions, the stream's own configuration, and that facts are kept for ever."""
    name = f"{world.settings.topic_prefix}{MADE_BY_HAND.name}"
    week = {"retention.ms": "604800000", "cleanup.policy": "compact"}
    admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1, topic_configs=week)])
    told = set(topics.ensure(world.settings, [MADE_BY_HAND, ledger.TEST_STREAM]))
    assert told == {
        Difference(name, "1 partitions, the registry says 2"),
        Difference(name, "retention.ms is 604800000, the registry says -1"),
        Difference(name, "cleanup.policy is compact, the registry says delete"),
        Difference(name, "max.message.bytes is 1048588, the registry says 1000000"),
    }


def test_a_configuration_that_was_changed_since_is_told_and_left_as_it_is(
    world: World, admin: KafkaAdminClient
) -> None:
    assert topics.ensure(world.settings, [ledger.TEST_STREAM]) == []
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, world.topic, {"retention.ms": "604800000"})])
    told = [Difference(world.topic, "retention.ms is 604800000, the registry says -1")]
    for _ in range(2):
        wait_until(lambda: topics.ensure(world.settings, [ledger.TEST_STREAM]) == told)


def test_a_topic_with_fewer_copies_than_wanted_is_told(world: World) -> None:
    """Nobody who leaves the number to the brokers is told on a cluster of one."""
    told = topics.ensure(world.settings, [ledger.TEST_STREAM], replication=3)
    assert told == [Difference(world.topic, "replication factor 1, and 3 copies are wanted")]
    assert topics.ensure(world.settings, [ledger.TEST_STREAM], replication=1) == []
    assert topics.ensure(world.settings, [ledger.TEST_STREAM]) == []
