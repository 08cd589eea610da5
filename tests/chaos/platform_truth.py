"""What must be true of the databases and topics of a whole platform, whatever happened to it; business left aside."""

from collections import defaultdict
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from chassis import clock, kafka_clients
from chassis.registry import Stream, streams
from chassis.settings import Settings
from local_stack import running, topic_records
from local_stack.layout import Layout
from local_stack.parts import PARTS

Row = dict[str, Any]
SERVICES = [part.name for part in PARTS if part.migrates]


class Truth:
    """A running platform seen from below. Used with `with`."""

    def __init__(self, layout: Layout) -> None:
        known = running.values(layout)
        self._settings = Settings(
            environment="test",
            mongodb_uri=known["mongodb"],
            mongodb_database="unused",
            kafka_bootstrap=known["kafka"],
            topic_prefix=known["topic_prefix"],
        )
        self._client = MongoClient[Row](known["mongodb"], tz_aware=True)
        self._databases = dict(zip(SERVICES, running.databases(known), strict=True))

    def __enter__(self) -> "Truth":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def of(self, service: str) -> Database[Row]:
        """A service's database."""
        return self._client[self._databases[service]]

    def unsettled(self) -> list[str]:
        """What is still under way: facts not published, consumers behind, work that is due."""
        found = [f"{name}: a fact is pending" for name in SERVICES if self.of(name).facts.find_one({"pending": True})]
        found += [f"{name}: work is due" for name in SERVICES if self._is_due(name)]
        for stream in _streams():
            last = {key: rows[-1]["sequence"] for key, rows in self.recorded(stream).items()}
            found += [
                f"{consumer} is behind in {stream.name}"
                for consumer in stream.consumers
                if not last.items() <= self._positions(consumer, stream.name).items()
            ]
        return found

    def faults(self) -> list[str]:
        """What is wrong for good: a fact parked, lost, doubled in its order, or published otherwise than recorded."""
        found = [f"{name}: parked {row['_id']}" for name in SERVICES for row in self.of(name).parked.find()]
        for stream in _streams():
            published = self.published(stream)
            for key, rows in self.recorded(stream).items():
                if [row["sequence"] for row in rows] != list(range(1, len(rows) + 1)):
                    found.append(f"{stream.name} {key}: sequences are not 1, 2, 3 …")
                if list(published.get(key, ())) != [row["event_id"] for row in rows]:
                    found.append(f"{stream.name} {key}: the topic is not what was recorded")
        return found

    def recorded(self, stream: Stream) -> dict[str, list[Row]]:
        """The facts of each aggregate in the order of their sequences, as the owner keeps them."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.of(stream.owner).facts.find({"stream": stream.name}).sort("sequence", 1):
            rows[row["key"]].append(row)
        return rows

    def published(self, stream: Stream) -> dict[str, dict[str, tuple[str, bytes]]]:
        """What the topic holds of each aggregate: kind and value by event id in order, repetitions left out."""
        looker = kafka_clients.looker(self._settings)
        return topic_records.facts(topic_records.whole(looker, f"{self._settings.topic_prefix}{stream.name}"))

    def told(self, stream: str, key: str) -> list[str]:
        """The kinds of an aggregate's facts on the topic, in order and each once."""
        return [kind for kind, _ in self.published(streams()[stream]).get(key, {}).values()]

    def _positions(self, consumer: str, stream: str) -> dict[str, int]:
        service, name = consumer.split("/")
        database = self.of(service)
        generations = database.consumers.find({"_id": {"$regex": f"^{name}@"}})
        live = max(int(row["_id"].rsplit("@", 1)[1]) for row in generations)
        rows = database.positions.find({"consumer": f"{name}@{live}", "stream": stream, "waiting": 0})
        return {row["key"]: row["sequence"] for row in rows}

    def _is_due(self, service: str) -> bool:
        return self.of(service).due_work.find_one({"due_at": {"$lte": clock.now()}}) is not None


def _streams() -> list[Stream]:
    """The streams of the services; the tests of the chassis add one of their own."""
    return [one for one in streams().values() if one.owner in SERVICES]
