"""The relay publishes committed facts, in order per aggregate, at least once; positions at the readers make it once."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError, TopicAuthorizationFailedError
from opentelemetry.trace import SpanKind
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from chassis import fail_points, kafka_clients, metrics, telemetry
from chassis.database import Row, client, db
from chassis.envelope import Headers, encode
from chassis.facts import envelope_of
from chassis.heartbeat import Heartbeat
from chassis.lease import Held, Lease
from chassis.logs import describe
from chassis.settings import Settings

log = logging.getLogger(__name__)
BATCH = 500
LEASE_SECONDS = 10.0
ANSWER_SECONDS = 20.0
HELD_RETRY = timedelta(minutes=5)
TURN_SECONDS = 300.0
PERMANENT = (MessageSizeTooLargeError, RecordListTooLargeError, TopicAuthorizationFailedError, ValueError)


class Relay:
    """One contender for the service's relay; `run` works while it holds the lease and waits otherwise."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lease = Lease("relay", LEASE_SECONDS)
        self._held: Held | None = None
        self._asked_at = -LEASE_SECONDS
        self._producer: KafkaProducer | None = None
        self._stop = threading.Event()
        self._wake = threading.Event()
        self.heart = Heartbeat(TURN_SECONDS)

    def run(self) -> None:
        """Publish until stopped. Outages of the broker or the database are waited out."""
        threading.Thread(target=self._watch, name="relay-watch", daemon=True).start()
        while not self._stop.is_set():
            self.heart.beat()
            try:
                more = self._turn()
            except (PyMongoError, KafkaError, OSError) as error:
                log.warning("relay waits for its broker or database", extra={"error": describe(error)})
                self._drop_producer()
                more = False
                self._stop.wait(1.0)
            if not more:
                self._wake.wait(LEASE_SECONDS / 3)
                self._wake.clear()
        self.heart.rest()
        self._drop_producer()
        metrics.RELAY_ACTIVE.set(0)
        self._lease.release()

    def stop(self) -> None:
        """End after the round at hand."""
        self._stop.set()
        self._wake.set()

    def _turn(self) -> bool:
        if time.monotonic() - self._asked_at > LEASE_SECONDS / 3:
            self._held, self._asked_at = self._lease.acquire(), time.monotonic()
            metrics.RELAY_ACTIVE.set(1 if self._held else 0)
        if self._held is None:
            self._stop.wait(LEASE_SECONDS / 3)
            return True
        return self.round(self._held) > 0

    def round(self, held: Held) -> int:
        """Publish up to one batch; the number of facts published. Stops before the next round if the lease was lost."""
        rows = self._pending()
        fail_points.reach("relay.read")
        if not rows:
            return 0
        published = self._publish(rows)
        fail_points.reach("relay.acknowledged")
        if published:
            self._mark(published)
        fail_points.reach("relay.marked")
        log.debug("round", extra={"published": len(published), "epoch": held.epoch})
        return len(published)

    def _pending(self) -> list[Row]:
        """The oldest pending facts as of one point in time.

        A plain cursor is not enough: it may see an aggregate's later fact without the earlier one, when both were
        committed while the cursor passed between them.
        """
        now = datetime.now(UTC)
        waiting = db().held.find({"retry_at": {"$gt": now}, "key": {"$exists": True}})
        held = [{"stream": row["stream"], "key": row["key"]} for row in waiting]
        query = {"pending": True, **({"$nor": held} if held else {})}
        with client().start_session(snapshot=True) as session:
            cursor = db().facts.find(query, session=session, batch_size=BATCH).sort("order", 1).limit(BATCH)
            return list(cursor.hint("pending"))

    def _publish(self, rows: Iterable[Row]) -> list[Row]:
        """Send the rows together, then those refused one by one; the rows that may be marked.

        A row is marked only if every earlier row of its aggregate in its stream is on the broker too: an aggregate may
        tell different things in several streams, which know nothing of each other.
        """
        rows = list(rows)
        sent = [(row, self._send(row)) for row in rows]
        fail_points.reach("relay.sent")
        with contextlib.suppress(KafkaError):  # what became of each record, its future tells
            self._connected().flush(timeout=ANSWER_SECONDS)
        _await([future for _, future in sent])
        if not all(_succeeded(future) for _, future in sent):
            self._drop_producer()  # one that met a refusal answers every later record with it
        stuck: set[tuple[str, str]] = set()
        published = []
        for row, future in sent:
            line = (row["stream"], row["key"])
            if line not in stuck and (_succeeded(future) or self._retry_alone(row)):
                published.append(row)
            else:
                stuck.add(line)
        return published

    def _retry_alone(self, row: Row) -> bool:
        future = self._send(row)
        _await([future])
        error = _error(future)
        if error is None:
            return True
        self._drop_producer()
        if isinstance(error, PERMANENT):
            self._hold(row, error)
            return False
        raise error

    def _send(self, row: Row) -> Any:
        topic = f"{self._settings.topic_prefix}{row['stream']}"
        with telemetry.span(
            telemetry.SpanName.PUBLISH,
            row["stream"],
            parent=row["traceparent"],
            kind=SpanKind.PRODUCER,
            attributes={"messaging.message.id": row["event_id"], "messaging.destination.name": row["stream"]},
        ):
            headers = _with_trace(encode(envelope_of(row)))
            try:
                return self._connected().send(
                    topic, key=row["key"].encode(), value=bytes(row["value"]), headers=headers
                )
            except PERMANENT as error:
                return error

    def _hold(self, row: Row, error: BaseException) -> None:
        log.error("the broker refuses a fact for good", extra={"event_id": row["event_id"], "error": describe(error)})
        retry_at = datetime.now(UTC) + HELD_RETRY
        content = {
            "stream": row["stream"],
            "key": row["key"],
            "event_id": row["event_id"],
            "error": type(error).__name__,
            "retry_at": retry_at,
        }
        db().held.update_one({"_id": _line_id(row)}, {"$set": content}, upsert=True)

    def _mark(self, rows: list[Row]) -> None:
        facts = db().facts.with_options(write_concern=WriteConcern(w="majority"))
        facts.update_many(
            {"_id": {"$in": [row["_id"] for row in rows]}},
            {"$unset": {"pending": ""}, "$set": {"published_at": datetime.now(UTC)}},
        )
        db().held.delete_many({"_id": {"$in": [_line_id(row) for row in rows]}})
        for row in rows:
            metrics.FACTS_PUBLISHED.labels(row["stream"]).inc()

    def _watch(self) -> None:
        """Wake the relay at each new fact; the slow poll stands behind a change stream that breaks."""
        pipeline: list[Row] = [
            {"$match": {"operationType": "insert", "fullDocument.pending": True}},
            {"$project": {"_id": 1}},
        ]
        while not self._stop.is_set():
            try:
                with db().facts.watch(pipeline, max_await_time_ms=1000) as changes:
                    self._wake.set()
                    while not self._stop.is_set() and changes.alive:
                        if changes.try_next() is not None:
                            self._wake.set()
            except PyMongoError as error:
                log.warning("relay's wake-up broke; polling meanwhile", extra={"error": describe(error)})
                self._stop.wait(1.0)

    def _connected(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = kafka_clients.producer(self._settings)
        return self._producer

    def _drop_producer(self) -> None:
        if self._producer is not None:
            producer, self._producer = self._producer, None
            producer.close(timeout=5)


def _line_id(row: Row) -> str:
    """Id of the row in `held` for an aggregate's facts in one stream."""
    return f"{row['stream']}/{row['key']}"


def _await(futures: Iterable[Any]) -> None:
    """Wait until the broker has answered for every record, or for twenty seconds.

    The producer's own `flush` alone will not do: it raises for a batch that the broker had split, though its parts
    arrive. Before this it saves a change of threads for each record.
    """
    give_up_at = time.monotonic() + ANSWER_SECONDS
    for future in futures:
        if not isinstance(future, BaseException):
            with contextlib.suppress(KafkaError):
                future.get(timeout=max(give_up_at - time.monotonic(), 0.001))


def _succeeded(future: Any) -> bool:
    return _error(future) is None


def _error(future: Any) -> BaseException | None:
    outcome: object = future if isinstance(future, BaseException) else future.exception
    if isinstance(outcome, BaseException):
        return outcome
    return None if future.is_done else KafkaError("not acknowledged in time")


def _with_trace(headers: Headers) -> Headers:
    """The headers with the publishing span as parent, so that the reader's span hangs below it."""
    parent = telemetry.traceparent()
    rest = [(name, value) for name, value in headers if name != "traceparent"]
    return [*rest, ("traceparent", parent.encode())] if parent else headers
