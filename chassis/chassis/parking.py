"""What waits beside the line: an aggregate's facts from its first trouble on, in order, until applied or skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis import cause, metrics
from chassis.consumer import Message
from chassis.database import Row, db, server_now
from chassis.envelope import decode as decode_envelope
from chassis.errors import FailedPrecondition
from chassis.ids import new_id
from chassis.outcomes import Fork, Gap, NotYet, Undecodable

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=10)


@dataclass(frozen=True)
class Trouble:
    """Why a fact is parked. `retry` says whether it is tried again without an operator."""

    reason: str
    error: str
    retry: bool


@dataclass(frozen=True)
class Skipped:
    """What came of a skip: how many facts of the aggregate still wait, and how many that never came went with it."""

    still_parked: int
    missing: int


def trouble(error: BaseException) -> Trouble:
    """The trouble behind an exception; its text is left out, for it may repeat what the fact says."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, Gap):
        return Trouble("gap", "an earlier fact of the aggregate is missing", retry=False)
    if isinstance(error, Fork):
        return Trouble("fork", "the sequence number was taken by another fact", retry=False)
    if isinstance(error, NotYet):
        return Trouble("not-yet", name, retry=True)
    if isinstance(error, Undecodable):
        return Trouble("undecodable", name, retry=True)
    return Trouble("poison", f"{name}{_place(error)}", retry=True)


BEHIND = Trouble("behind", "an earlier fact of the aggregate is parked", retry=False)


def park(consumer: str, message: Message, why: Trouble) -> bool:
    """Put a fact aside, in the unit of work at hand; False if it was parked already.

    Another fact of the same number as a parked one is a fork and waits behind that one, whatever `why` says.
    """
    id = f"{consumer}/{message.stream}/{message.key}/{message.sequence:012d}"
    taken = db().parked.find_one({"_id": id}, {"event_id": 1})
    if taken is not None and taken["event_id"] != message.event_id:
        id, why = f"{id}/{message.event_id}", trouble(Fork())
        taken = db().parked.find_one({"_id": id}, {"event_id": 1})
    if taken is not None:
        return False
    db().parked.insert_one(
        {
            "_id": id,
            "consumer": consumer,
            "stream": message.stream,
            "key": message.key,
            "sequence": message.sequence,
            "event_id": message.event_id,
            "type": message.envelope.type,
            "recorded_at": message.time,
            **_common(why, message.partition, message.offset, message.value, message.headers),
        }
    )
    metrics.FACTS_PARKED.labels(consumer, why.reason).inc()
    return True


def park_unreadable(
    consumer: str, topic: str, partition: int, offset: int, value: bytes | None, headers: Sequence[tuple[str, bytes]]
) -> None:
    """Put aside a record that names no aggregate; it blocks nothing and is known by where it lies."""
    why = Trouble("unreadable", "no readable envelope", retry=False)
    content = {"consumer": consumer, "stream": topic, **_common(why, partition, offset, value or b"", headers)}
    db().parked.update_one({"_id": f"{consumer}/{topic}/{partition}/{offset}"}, {"$setOnInsert": content}, upsert=True)
    metrics.FACTS_PARKED.labels(consumer, why.reason).inc()


def head(consumer: str, stream: str, key: str) -> Row | None:
    """The earliest parked fact of an aggregate."""
    return db().parked.find_one(
        {"consumer": consumer, "stream": stream, "key": key, "_id": _of(consumer, stream, key)}, sort=[("_id", 1)]
    )


def count(consumer: str, stream: str, key: str) -> int:
    """How many facts of an aggregate wait."""
    return db().parked.count_documents({"_id": _of(consumer, stream, key)})


def revive(row: Row) -> Message:
    """The message that was parked."""
    headers = tuple((name, bytes(value)) for name, value in row["headers"])
    return Message(
        row["stream"], row["partition"], row["offset"], decode_envelope(headers), bytes(row["value"]), headers
    )


def remove(row: Row) -> None:
    """Take a fact out of parking, in the unit of work at hand."""
    db().parked.delete_one({"_id": row["_id"]})


def wake(consumer: str, stream: str, key: str) -> None:
    """Have an aggregate's first parked fact tried soon, in the unit of work that took away what it waited for.

    Whoever drains the aggregate goes on with it at once; this is for the case that they end in between.
    """
    row = head(consumer, stream, key)
    if row is not None and row["next_attempt_at"] is None and row["reason"] in {"behind", "gap"}:
        db().parked.update_one({"_id": row["_id"]}, {"$set": {"next_attempt_at": server_now()}})


def rest(row: Row) -> None:
    """Try a parked fact no more until it is woken: what it waits for is still missing."""
    db().parked.update_one({"_id": row["_id"]}, {"$set": {"next_attempt_at": None}})


def failed_again(row: Row, why: Trouble) -> None:
    """Note another failure and when to try next: twice as long after each, up to ten minutes."""
    attempts = int(row["attempts"]) + 1
    pause = min(FIRST_RETRY * 2 ** min(attempts, 12), LONGEST_RETRY)
    db().parked.update_one(
        {"_id": row["_id"]},
        {
            "$set": {
                "attempts": attempts,
                "reason": why.reason,
                "error": why.error,
                "next_attempt_at": server_now() + pause if why.retry else None,
            }
        },
    )


def any_of(consumer: str) -> bool:
    """Whether anything is parked for a consumer."""
    return db().parked.find_one({"consumer": consumer}, {"_id": 1}) is not None


def due(consumer: str, limit: int = 100) -> list[Row]:
    """Parked facts whose next attempt is due."""
    query = {"consumer": consumer, "next_attempt_at": {"$ne": None, "$lte": server_now()}}
    return list(db().parked.find(query).sort("next_attempt_at", 1).limit(limit))


def parked_since(consumer: str, since: datetime) -> int:
    """How many troubles (not the facts behind them) were parked since then: what the cap compares with."""
    return db().parked.count_documents(
        {"consumer": consumer, "parked_at": {"$gte": since}, "reason": {"$nin": ["behind", "gap"]}}
    )


def dismiss_unreadable(consumer: str, topic: str, position: str, reason: str) -> None:
    """Take a record that names no aggregate out of parking, on an operator's word, in the unit of work at hand.

    `position` is its partition and offset, as `3:1042`. Raises FailedPrecondition when no such record is parked.
    """
    partition, _, offset = position.partition(":")
    id = f"{consumer}/{topic}/{partition}/{offset}"
    if not db().parked.delete_one({"_id": id, "reason": "unreadable"}).deleted_count:
        raise FailedPrecondition("No unreadable record of that place is parked.", reason="NOT_FIRST_PARKED")
    note_operator("dismiss", id, reason)


def note_operator(action: str, target: str, reason: str, **more: int) -> None:
    """Keep who did what to which parked fact or consumer, and why; `more` counts what else it did."""
    why = cause.current()
    row = {"_id": new_id(), "action": action, "target": target, "reason": reason, "actor": why.actor}
    db().operator_actions.insert_one({**row, "at": server_now(), **more})


def _common(
    why: Trouble, partition: int, offset: int, value: bytes, headers: Sequence[tuple[str, bytes]]
) -> dict[str, Any]:
    now = server_now()
    return {
        "partition": partition,
        "offset": offset,
        "value": value,
        "headers": [list(header) for header in headers],
        "reason": why.reason,
        "error": why.error,
        "attempts": 0,
        "parked_at": now,
        "next_attempt_at": now + FIRST_RETRY if why.retry else None,
    }


def _of(consumer: str, stream: str, key: str) -> dict[str, str]:
    prefix = f"{consumer}/{stream}/{key}/"
    return {"$gte": prefix, "$lt": f"{prefix}~"}


def _place(error: BaseException) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f" at {frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame else ""
