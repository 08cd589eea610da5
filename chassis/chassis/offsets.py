"""What the broker says of topics and groups: ends, commitments, and so how far a consumer is behind."""

from collections.abc import Iterable
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import UnknownTopicOrPartitionError

Places = dict[tuple[str, int], int]
"""(topic, partition) -> offset."""


def ends(looker: KafkaConsumer, topics: Iterable[str]) -> Places:
    """The offsets at which the next records of the topics will lie. Raises LookupError for a topic that is missing."""
    partitions = []
    for topic in topics:
        found = looker.partitions_for_topic(topic)
        if not found:
            raise LookupError(f"topic {topic} does not exist")
        partitions += [TopicPartition(topic, number) for number in found]
    return {(place.topic, place.partition): offset for place, offset in looker.end_offsets(partitions).items()}


def missing(admin: KafkaAdminClient, topics: Iterable[str]) -> set[str]:
    """Those of the topics that the broker does not know."""
    described: list[dict[str, Any]] = admin.describe_topics(list(topics))
    return {topic["name"] for topic in described if topic["error_code"] == UnknownTopicOrPartitionError.errno}


def topic_ids(admin: KafkaAdminClient, topics: Iterable[str]) -> dict[str, str]:
    """The broker's own id of each topic; a topic that is deleted and created again has another one."""
    described: list[dict[str, Any]] = admin.describe_topics(list(topics))
    return {topic["name"]: str(topic["topic_id"]) for topic in described}


def committed(admin: KafkaAdminClient, group: str) -> Places:
    """The offsets that a group has committed."""
    answer: dict[str, Any] = admin.list_group_offsets([group])
    return {
        (place.topic, place.partition): known.offset
        for place, known in answer.get(group, {}).items()
        if known.offset >= 0
    }


def lag(end: Places, done: Places) -> int:
    """Records between what was done and the end."""
    return sum(max(offset - done.get(place, 0), 0) for place, offset in end.items())
