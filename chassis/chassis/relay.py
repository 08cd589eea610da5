"""The relay publishes committed facts, in order per aggregate, at least once; positions at the readers make it once."""

import contextlib
import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, UnknownTopicOrPartitionError
from opentelemetry.trace import SpanKind
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from chassis import fail_points, holding, kafka_clients, metrics, offsets, telemetry
from chassis.acknowledgements import ANSWER_SECONDS, PERMANENT, await_all, error_of, is_outage
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
TURN_SECONDS = 300.0


class Relay:
    """One contender for the service's relay; `run` works while it holds the lease and waits otherwise."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lease = Lease("relay", LEASE_SECONDS)
        self._held: Held | None = None
        self._asked_at = -LEASE_SECONDS
        self._producer: KafkaProducer | None = None
        self._with_topic: set[str] = set()
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
        """Publish up to one batch; the number of facts published. Stops before the next round if the lease was lost.

        What the broker acknowledged is marked also when it then went away, for which this raises KafkaError.
        """
        rows = self._pending()
        fail_points.reach("relay.read")
        if not rows:
            return 0
        missing = self._without_topic({row["stream"] for row in rows})
        published, outage = self._publish([row for row in rows if row["stream"] not in missing])
        fail_points.reach("relay.acknowledged")
        if published:
            self._mark(published)
        if outage is not None:
            raise outage
        fail_points.reach("relay.marked")
        log.debug("round", extra={"published": len(published), "epoch": held.epoch})
        return len(published)

    def _pending(self) -> list[Row]:
        """The oldest pending facts as of one point in time.

        A plain cursor is not enough: it may see an aggregate's later fact without the earlier one, when both were
        committed while the cursor passed between them.
        """
        query = {"pending": True, **holding.flowing()}
        with client().start_session(snapshot=True) as session:
            cursor = db().facts.find(query, session=session, batch_size=BATCH).sort("order", 1).limit(BATCH)
            return list(cursor.hint("pending"))

    def _without_topic(self, streams: set[str]) -> set[str]:
        """Set those streams aside that have no topic: the producer would wait ten seconds for each of their facts."""
        unknown = streams - self._with_topic
        if not unknown:
            return set()
        with contextlib.closing(kafka_clients.admin(self._settings)) as admin:
            absent = offsets.missing(admin, map(self._topic, unknown))
        missing = {one for one in unknown if self._topic(one) in absent}
        for stream in sorted(missing):
            holding.hold_stream(stream)
        holding.release_streams(unknown - missing)
        self._with_topic |= unknown - missing
        return missing

    def _publish(self, rows: Sequence[Row]) -> tuple[list[Row], BaseException | None]:
        """Send the rows together, then those refused one by one; the rows that may be marked, and an outage that came.

        A row is marked only if every earlier row of its aggregate in its stream is on the broker too: an aggregate may
        tell different things in several streams, which know nothing of each other.
        """
        sent = self._send_all(rows)
        stuck: set[str] = set()
        published, outage = [], None
        for row, outcome in sent:
            if row["stream"] in stuck or holding.line(row) in stuck:
                continue
            error = error_of(outcome)
            if error is not None and outage is None:
                error = self._retry_alone(row)
            if error is None:
                published.append(row)
                continue
            stuck.add(row["stream"] if isinstance(error, UnknownTopicOrPartitionError) else holding.line(row))
            if is_outage(error):
                outage = outage or error
        return published, outage

    def _send_all(self, rows: Sequence[Row]) -> list[tuple[Row, Any]]:
        """Send the rows and wait for the broker's answers; behind a row that could not be sent, no other is tried."""
        sent: list[tuple[Row, Any]] = []
        for row in rows:
            sent.append((row, self._send(row)))
            if is_outage(sent[-1][1]):
                break
        fail_points.reach("relay.sent")
        with contextlib.suppress(KafkaError):  # what became of each record, its future tells
            self._connected().flush(timeout=ANSWER_SECONDS)
        await_all([outcome for _, outcome in sent])
        if any(error_of(outcome) for _, outcome in sent):
            self._drop_producer()  # one that met a refusal answers every later record with it
        return sent

    def _retry_alone(self, row: Row) -> BaseException | None:
        """Send a row by itself; what hindered it. What will hinder it again is set aside."""
        outcome: Any
        try:
            missing = self._without_topic({row["stream"]})
            outcome = UnknownTopicOrPartitionError() if missing else self._send(row)
        except KafkaError as outage:
            outcome = outage
        await_all([outcome])
        error = error_of(outcome)
        if error is not None:
            self._drop_producer()
        if isinstance(error, PERMANENT):
            holding.hold_line(row, error)
        return error

    def _send(self, row: Row) -> Any:
        """Hand a row to the producer; its future, or the error that kept it from being handed over."""
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
                    self._topic(row["stream"]), key=row["key"].encode(), value=bytes(row["value"]), headers=headers
                )
            except (KafkaError, ValueError) as error:
                return error

    def _mark(self, rows: list[Row]) -> None:
        facts = db().facts.with_options(write_concern=WriteConcern(w="majority"))
        facts.update_many(
            {"_id": {"$in": [row["_id"] for row in rows]}},
            {"$unset": {"pending": ""}, "$set": {"published_at": datetime.now(UTC)}},
        )
        holding.release_lines(rows)
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

    def _topic(self, stream: str) -> str:
        return f"{self._settings.topic_prefix}{stream}"

    def _drop_producer(self) -> None:
        self._with_topic.clear()
        if self._producer is not None:
            producer, self._producer = self._producer, None
            producer.close(timeout=5)


def _with_trace(headers: Headers) -> Headers:
    """The headers with the publishing span as parent, so that the reader's span hangs below it."""
    parent = telemetry.traceparent()
    rest = [(name, value) for name, value in headers if name != "traceparent"]
    return [*rest, ("traceparent", parent.encode())] if parent else headers
