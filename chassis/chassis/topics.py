"""Creates and verifies the topics that the registry names, and republishes a stream from the facts.

`python -m chassis.topics`; safe to repeat on any cluster. What differs from the registry is reported, never changed
behind an operator's back: partitions decide where an aggregate's facts lie.
"""

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from chassis import kafka_clients
from chassis.registry import Stream, streams
from chassis.settings import Settings, load

FOREVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}


def ensure(settings: Settings, wanted: Iterable[Stream], replication: int = 1) -> list[str]:
    """Create missing topics; the differences of those that were there already, one line each."""
    wanted = list(wanted)
    admin = kafka_clients.admin(settings)
    try:
        present = set(admin.list_topics())
        fresh = [
            NewTopic(
                name=f"{settings.topic_prefix}{one.name}",
                num_partitions=one.partitions,
                replication_factor=replication,
                topic_configs={**FOREVER, **one.config},
            )
            for one in wanted
            if f"{settings.topic_prefix}{one.name}" not in present
        ]
        if fresh:
            _create(admin, fresh)
        return _differences(admin, settings, wanted)
    finally:
        admin.close()


def _create(admin: KafkaAdminClient, fresh: list[NewTopic]) -> None:
    try:
        admin.create_topics(fresh, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return  # another process was faster; the comparison below tells whether it made the same


def _differences(admin: KafkaAdminClient, settings: Settings, wanted: Iterable[Stream]) -> list[str]:
    expected = {f"{settings.topic_prefix}{one.name}": one.partitions for one in wanted}
    described: list[dict[str, Any]] = admin.describe_topics(list(expected))
    partitions = {topic["name"]: len(topic["partitions"]) for topic in described}
    return [
        f"{name}: {partitions.get(name, 0)} partitions, the registry says {count}"
        for name, count in expected.items()
        if partitions.get(name) != count
    ]


def main() -> None:
    """Create and verify; exits 1 when a topic differs from the registry."""
    parser = argparse.ArgumentParser(prog="topics", description=__doc__)
    parser.add_argument("--replication", type=int, default=1, help="copies of each partition (3 in production)")
    arguments = parser.parse_args()
    settings = load(Settings)
    differences = ensure(settings, streams().values(), arguments.replication)
    for line in differences:
        sys.stdout.write(f"differs  {line}\n")
    for one in streams().values():
        sys.stdout.write(f"ok       {settings.topic_prefix}{one.name} ({one.partitions} partitions, {one.owner})\n")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
