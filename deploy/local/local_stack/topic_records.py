"""What topics hold, for tests: read from their first record to their last, in no consumer group."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from local_stack.waiting import wait_until


def whole(reader: KafkaConsumer, *topics: str) -> list[Any]:
    """Every record of the topics as the broker keeps it, each partition in order. Closes the reader."""
    try:
        places = [
            TopicPartition(topic, number)
            for topic in topics
            for number in sorted(wait_until(lambda topic=topic: reader.partitions_for_topic(topic), what=topic))  # type: ignore[misc]
        ]
        reader.assign(places)
        reader.seek_to_beginning(*places)
        ends = reader.end_offsets(places)
        found: dict[TopicPartition, list[Any]] = {place: [] for place in places}
        while any(reader.position(place) < ends[place] for place in places):
            for place, batch in reader.poll(timeout_ms=500).items():
                found[place] += batch
        return [record for place in places for record in found[place]]
    finally:
        reader.close()


def facts(records: Iterable[Any]) -> dict[str, dict[str, tuple[str, bytes]]]:
    """The facts of each aggregate, in order and each once: kind and value by event id, by key."""
    found: dict[str, dict[str, tuple[str, bytes]]] = defaultdict(dict)
    for record in records:
        headers = {name: value.decode() for name, value in record.headers}
        kind = headers["ce_type"].rsplit(".", 1)[1]
        found[record.key.decode()].setdefault(headers["ce_id"], (kind, record.value))
    return found
