"""What an operator sees of this service: pending facts, relay, consumers, due work, and what is parked."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka.errors import KafkaError

from chassis import clock, generations, holding, kafka_clients, live_from, metrics, offsets
from chassis.applying import Applier
from chassis.consumer import Consumer
from chassis.database import Row, db, server_now
from chassis.errors import NotFound
from chassis.settings import Settings

UNKNOWN_LAG = -1


def applier(consumers: Sequence[Consumer], name: str) -> Applier:
    """An applier for redriving or skipping on behalf of the running consumer `name@generation`.

    Raises NotFound when the service has no such consumer.
    """
    consumer_name, _, generation = name.partition("@")
    consumer = next((one for one in consumers if one.name == consumer_name), None)
    row = db().consumers.find_one({"_id": name})
    if consumer is None or row is None:
        raise NotFound("There is no such consumer.")
    return Applier(consumer, int(generation), live_from.noted(row).reached)


def parked() -> Iterator[Row]:
    """All that is parked, by consumer and oldest first, without the facts' values."""
    order = [("consumer", 1), ("parked_at", 1)]  # which an index has, so that no number of them is too many to sort
    yield from db().parked.find({}, {"value": 0, "headers": 0}).sort(order)


@dataclass(frozen=True)
class Backlog:
    """What waits to be done: a count, and the age of the oldest in seconds."""

    count: int
    oldest_seconds: float


def pending_facts() -> Backlog:
    """Committed facts that are not published yet."""
    oldest = db().facts.find_one({"pending": True}, {"recorded_at": 1}, sort=[("order", 1)])
    age = (clock.now() - oldest["recorded_at"]).total_seconds() if oldest else 0.0
    return Backlog(db().facts.count_documents({"pending": True}), max(age, 0.0))


def measure_pending() -> None:
    """Refresh the gauges of what waits for the relay."""
    waiting = pending_facts()
    metrics.FACTS_PENDING.set(waiting.count)
    metrics.FACTS_PENDING_AGE.set(waiting.oldest_seconds)
    aggregates, streams = holding.counts()
    metrics.AGGREGATES_HELD.set(aggregates)
    metrics.STREAMS_HELD.set(streams)


def overdue_work() -> Backlog:
    """Due work whose time has passed."""
    business = server_now() + clock.offset()
    overdue = {"due_at": {"$lte": business}}
    oldest = db().due_work.find_one(overdue, {"due_at": 1}, sort=[("due_at", 1)])
    age = (business - oldest["due_at"]).total_seconds() if oldest else 0.0
    return Backlog(db().due_work.count_documents(overdue), age)


def relay_lease() -> Row:
    """The relay's lease: held or not, by whom, at which epoch."""
    lease = db().leases.find_one({"_id": "relay"})
    if lease is None:
        return {"held": False, "holder": "", "epoch": 0}
    return {"held": lease["until"] > server_now(), "holder": lease["holder"], "epoch": lease["epoch"]}


@dataclass(frozen=True)
class ConsumerState:
    """One generation of a consumer as an operator sees it; `lag` is -1 while the broker does not answer."""

    name: str
    generation: int
    live: bool
    lag: int
    parked: int
    halt: Mapping[str, Any] | None


class Lags:
    """Asks the broker how far consumers are behind; keeps its two clients between questions."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._settings = settings
        self._service = service
        self._lock = threading.Lock()
        self._clients: tuple[Any, Any] | None = None

    def of(self, consumer: Consumer, generation: int) -> int:
        """Records that a generation has not committed yet, or UNKNOWN_LAG."""
        prefix = self._settings.topic_prefix
        with self._lock:
            try:
                admin, looker = self._connected()
                ends = offsets.ends(looker, [f"{prefix}{stream}" for stream in consumer.streams])
                group = generations.group_id(self._service, consumer, generation, prefix)
                return offsets.lag(ends, offsets.committed(admin, group))
            except (KafkaError, OSError, LookupError):
                self._clients = None
                return UNKNOWN_LAG

    def _connected(self) -> tuple[Any, Any]:
        if self._clients is None:
            self._clients = kafka_clients.admin(self._settings), kafka_clients.looker(self._settings)
        return self._clients


def consumer_states(consumers: Sequence[Consumer], lags: Lags) -> list[ConsumerState]:
    """Every generation that has started of every consumer."""
    states = []
    for consumer in consumers:
        live = consumer.view.live() if consumer.view else 1
        for row in db().consumers.find({"_id": {"$regex": f"^{consumer.name}@"}}).sort("_id", 1):
            generation = int(row["_id"].rsplit("@", 1)[1])
            waiting = db().parked.count_documents({"consumer": row["_id"]})
            lag = lags.of(consumer, generation)
            state = (generation == live, lag, waiting, row.get("halted"))
            states.append(ConsumerState(consumer.name, generation, *state))
    return states
