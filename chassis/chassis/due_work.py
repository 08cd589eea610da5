"""Work for later, written once: deadlines, retries and sending, set in a unit of work and done once."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import DeleteOne, ReplaceOne
from pymongo.errors import PyMongoError

from chassis import cause, clock, fail_points, metrics, telemetry
from chassis.cause import Cause, because
from chassis.database import Row, db, server_now
from chassis.heartbeat import Heartbeat
from chassis.ids import new_id
from chassis.logs import describe
from chassis.unit_of_work import current, unit_of_work

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(hours=1)
POLL_SECONDS = 0.5
WORKERS = 4
CLAIMED = WORKERS * 4
TURN_SECONDS = 300.0


@dataclass(frozen=True)
class Due:
    """A piece of due work: kind and key, when it was due (business time), what was set with it, earlier failures."""

    kind: str
    key: str
    due_at: datetime
    body: Mapping[str, Any]
    attempts: int = 0


@dataclass(frozen=True)
class Again:
    """Answer of a `settle`: the work is not done; try once more at this business time."""

    at: datetime


Fire = Callable[[Due], None]
"""Runs in a unit of work; the row goes in the same transaction, so the effect happens once."""


@dataclass(frozen=True)
class Outside:
    """Work with an effect outside the database.

    `attempt` runs outside any transaction and may run again after a crash, so it must be harmless to repeat or carry
    a key that the outside recognises. `settle` records its result in a unit of work and may ask for another attempt.
    """

    attempt: Callable[[Due], Any]
    settle: Callable[[Due, Any], Again | None]


Handlers = Mapping[str, Fire | Outside]


class Deadlines:
    """Sets and cancels due work in the unit of work at hand, which writes it at its end."""

    def set(self, kind: str, key: str, due_at: datetime, body: Mapping[str, Any] | None = None) -> None:
        """Have the work of this kind and key done at `due_at`; setting it again moves it and starts it afresh."""
        why = cause.current()
        id = f"{kind}/{key}"
        row = {
            "kind": kind,
            "key": key,
            "due_at": due_at,
            "body": dict(body or {}),
            "stamp": new_id(),
            "attempts": 0,
            "leased_until": None,
            "traceparent": telemetry.traceparent(),
            "correlation_id": why.correlation_id,
            "causation_id": why.causation_id,
            "actor": why.actor,
        }
        current().due[id] = ReplaceOne({"_id": id}, row, upsert=True)

    def cancel(self, kind: str, key: str) -> None:
        """Take the work back; nothing happens if there is none, or if it is done."""
        id = f"{kind}/{key}"
        current().due[id] = DeleteOne({"_id": id})


deadlines = Deadlines()


class DueWorker:
    """Does what is due, several at a time; any number of processes may run one."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._stop = threading.Event()
        self.heart = Heartbeat(TURN_SECONDS)

    def run(self) -> None:
        """Work until stopped; outages of the database are waited out."""
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="due") as pool:
            while not self._stop.is_set():
                self.heart.beat()
                try:
                    rows = self._claim()
                    list(pool.map(self.do, rows))
                    pause = 0.0 if rows else POLL_SECONDS
                except PyMongoError as error:
                    log.warning("due work waits for the database", extra={"error": describe(error)})
                    pause = 1.0
                self._stop.wait(pause)
        self.heart.rest()

    def stop(self) -> None:
        """End after what is being done."""
        self._stop.set()

    def do(self, row: Row) -> None:
        """Do one claimed piece of work; a failure puts it off, twice as long each time."""
        due = Due(row["kind"], row["key"], row["due_at"], row["body"], row["attempts"])
        why = Cause(row["correlation_id"], causation_id=row["causation_id"], actor=row["actor"])
        try:
            with because(why), telemetry.span(telemetry.SpanName.DUE, due.kind, parent=row["traceparent"]):
                self._do(row, due)
        except Exception as error:
            log.warning("due work failed", extra={"kind": due.kind, "key": due.key, "error": describe(error)})
            metrics.DUE_FAILED.labels(due.kind).inc()
            self._put_off(row)
        else:
            metrics.DUE_FIRED.labels(due.kind).inc()

    def _do(self, row: Row, due: Due) -> None:
        fail_points.reach("due.claimed")
        handler = self._handlers[due.kind]
        if isinstance(handler, Outside):
            result = handler.attempt(due)
            fail_points.reach("due.attempted")
            unit_of_work(lambda: self._settle(handler, row, due, result))
        else:
            unit_of_work(lambda: self._fire(handler, row, due))
        fail_points.reach("due.settled")

    def _fire(self, handler: Fire, row: Row, due: Due) -> None:
        if db().due_work.delete_one({"_id": row["_id"], "stamp": row["stamp"]}).deleted_count:
            handler(due)

    def _settle(self, handler: Outside, row: Row, due: Due, result: Any) -> None:
        mine = {"_id": row["_id"], "stamp": row["stamp"]}
        if not db().due_work.delete_one(mine).deleted_count:
            return
        again = handler.settle(due, result)
        if again is not None:
            content = row | {"due_at": again.at, "attempts": row["attempts"] + 1, "leased_until": None}
            current().due[row["_id"]] = ReplaceOne({"_id": row["_id"]}, content, upsert=True)

    def _claim(self) -> list[Row]:
        """Lease what is due now, oldest first; a lease that ends lets another worker try."""
        server = server_now()
        business = server + clock.offset()
        free = {"due_at": {"$lte": business}, "$or": [{"leased_until": None}, {"leased_until": {"$lte": server}}]}
        kinds = {"kind": {"$in": list(self._handlers)}}
        ids = [row["_id"] for row in db().due_work.find({**free, **kinds}, {"_id": 1}).sort("due_at", 1).limit(CLAIMED)]
        claimed: list[Row] = []
        if ids:
            lease = {"leased_until": server + LEASE, "leased_by": new_id()}
            db().due_work.update_many({"_id": {"$in": ids}, **free}, {"$set": lease})
            mine = {"_id": {"$in": ids}, "leased_by": lease["leased_by"]}
            claimed = list(db().due_work.find(mine).sort("due_at", 1))
        oldest = claimed[0]["due_at"] if claimed else business
        metrics.DUE_OVERDUE_AGE.set(max((business - oldest).total_seconds(), 0))
        return claimed

    def _put_off(self, row: Row) -> None:
        pause = min(FIRST_RETRY * 2 ** min(row["attempts"], 12), LONGEST_RETRY)
        later = {"due_at": clock.now() + pause, "leased_until": None}
        try:
            db().due_work.update_one(
                {"_id": row["_id"], "stamp": row["stamp"]}, {"$set": later, "$inc": {"attempts": 1}}
            )
        except PyMongoError as error:
            log.warning("due work keeps its lease", extra={"error": describe(error)})
