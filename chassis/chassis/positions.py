"""Where each consumer stands in each aggregate's facts: the row that makes duplicates harmless and blocks an aggregate.

One row per (consumer@generation, stream, aggregate), moved in the transaction of the effect. Two workers that meet in a
rebalance conflict on it, and one of them reruns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from pymongo import UpdateOne

from chassis.database import Row, db
from chassis.unit_of_work import WriteConflict, current


class Verdict(Enum):
    """What a fact's sequence number says, given the position."""

    NEXT = "next"
    DUPLICATE = "duplicate"
    GAP = "gap"
    FORK = "fork"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Position:
    """`sequence` is the last one applied (0: none); `waiting` counts the aggregate's parked facts (0: not blocked)."""

    id: str
    consumer: str
    stream: str
    key: str
    sequence: int = 0
    event_id: str = ""
    waiting: int = 0

    def judge(self, sequence: int, event_id: str) -> Verdict:
        """What to do with a fact of this sequence number and id."""
        if sequence == self.sequence and event_id != self.event_id:
            return Verdict.FORK
        if sequence <= self.sequence:
            return Verdict.DUPLICATE
        if self.waiting:
            return Verdict.BLOCKED
        return Verdict.NEXT if sequence == self.sequence + 1 else Verdict.GAP

    def moved(self, sequence: int, event_id: str) -> "Position":
        """The position after that fact."""
        return replace(self, sequence=sequence, event_id=event_id)


def identify(consumer: str, stream: str, key: str) -> str:
    """The id of a position's row."""
    return f"{consumer}/{stream}/{key}"


def load(consumer: str, aggregates: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Position]:
    """The positions of the (stream, key) pairs; those never seen stand at zero."""
    wanted = {identify(consumer, stream, key): (stream, key) for stream, key in aggregates}
    found = {row["_id"]: _read(row) for row in db().positions.find({"_id": {"$in": list(wanted)}})}
    return {pair: found.get(id, Position(id, consumer, *pair)) for id, pair in wanted.items()}


def load_one(consumer: str, stream: str, key: str) -> Position:
    """One position."""
    return load(consumer, [(stream, key)])[stream, key]


def save(moves: Iterable[tuple[Position, Position]]) -> None:
    """Write (before, after) pairs in the unit of work at hand; a row that has moved meanwhile makes it rerun."""
    current()
    updates = [
        UpdateOne(_guard(before), {"$set": _content(after)}, upsert=not _exists(before)) for before, after in moves
    ]
    if not updates:
        return
    result = db().positions.bulk_write(updates, ordered=False)
    if result.matched_count + result.upserted_count != len(updates):
        raise WriteConflict("positions")


def _exists(position: Position) -> bool:
    return position.sequence > 0 or position.waiting > 0


def _guard(before: Position) -> Row:
    guard: Row = {"_id": before.id}
    return guard | {"sequence": before.sequence, "waiting": before.waiting} if _exists(before) else guard


def _content(after: Position) -> Row:
    return {
        "consumer": after.consumer,
        "stream": after.stream,
        "key": after.key,
        "sequence": after.sequence,
        "event_id": after.event_id,
        "waiting": after.waiting,
    }


def _read(row: Row) -> Position:
    return Position(
        row["_id"], row["consumer"], row["stream"], row["key"], row["sequence"], row["event_id"], row["waiting"]
    )
