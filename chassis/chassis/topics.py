"""Creates and verifies the topics that the registry names.

`python -m chassis.topics`; safe to repeat on any cluster. What differs from the registry (partitions, configuration,
fewer copies than wanted) is reported, never changed behind an operator's back: partitions decide where an aggregate's
facts lie.
"""

import argparse
import contextlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from chassis import kafka_clients
from chassis.registry import Stream, streams
from chassis.settings import Settings, load

FOREVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
MOST_COPIES = 3


@dataclass(frozen=True)
class Difference:
    """What a topic has that the registry says otherwise; `text` is for an operator."""

    topic: str
    text: str


def ensure(settings: Settings, wanted: Iterable[Stream], replication: int = 0) -> list[Difference]:
    """Create missing topics; the differences of those that were there already.

    `replication` is the copies of each partition; 0 stands for as many as there are brokers, three at most.
    """
    named = {f"{settings.topic_prefix}{one.name}": one for one in wanted}
    with contextlib.closing(kafka_clients.admin(settings)) as admin:
        copies = replication or min(len(admin.describe_cluster()["brokers"]), MOST_COPIES)
        present = set(admin.list_topics())
        fresh = [
            NewTopic(name=name, num_partitions=one.partitions, replication_factor=copies, topic_configs=_config(one))
            for name, one in named.items()
            if name not in present
        ]
        if fresh:
            _create(admin, fresh)
        return _differences(admin, named, copies)


def _create(admin: KafkaAdminClient, fresh: list[NewTopic]) -> None:
    try:
        admin.create_topics(fresh, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return  # another process was faster; the comparison below tells whether it made the same


def _config(stream: Stream) -> dict[str, str]:
    return {**FOREVER, **stream.config}


def _differences(admin: KafkaAdminClient, named: Mapping[str, Stream], copies: int) -> list[Difference]:
    described: list[dict[str, Any]] = admin.describe_topics(list(named))
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(_config(one))) for name, one in named.items()]
    configured: dict[str, Any] = admin.describe_configs(asked, config_filter="all").get("topic", {})
    found = []
    for topic in described:
        name, partitions = topic["name"], topic["partitions"]
        wanted = named[name]
        if len(partitions) != wanted.partitions:
            found.append(Difference(name, f"{len(partitions)} partitions, the registry says {wanted.partitions}"))
        for key, value in _config(wanted).items():
            real = configured.get(name, {}).get(key, {}).get("value")
            if real != value:
                found.append(Difference(name, f"{key} is {real or 'not to be read'}, the registry says {value}"))
        fewest = min((len(partition["replica_nodes"]) for partition in partitions), default=0)
        if fewest < copies:
            found.append(Difference(name, f"replication factor {fewest}, and {copies} copies are wanted"))
    return found


def main() -> None:
    """Create and verify; exits 1 when a topic differs from the registry."""
    parser = argparse.ArgumentParser(prog="topics", description=__doc__)
    parser.add_argument(
        "--replication",
        type=int,
        default=0,
        help=f"copies of each partition; as many as there are brokers by default, {MOST_COPIES} at most",
    )
    arguments = parser.parse_args()
    settings = load(Settings)
    differences = ensure(settings, streams().values(), arguments.replication)
    for one in differences:
        sys.stdout.write(f"differs  {one.topic}: {one.text}\n")
    wrong = {one.topic for one in differences}
    for stream in streams().values():
        name = f"{settings.topic_prefix}{stream.name}"
        if name not in wrong:
            sys.stdout.write(f"ok       {name} ({stream.partitions} partitions, {stream.owner})\n")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
