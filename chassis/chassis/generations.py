"""A consumer's row: since when it is live, whether it was halted, and what belongs to each of its generations."""

from collections.abc import Mapping
from dataclasses import dataclass

from pymongo.errors import DuplicateKeyError

from chassis import metrics
from chassis.consumer import Consumer
from chassis.database import Row, db, server_now
from chassis.offsets import Places
from chassis.parking import note_operator


def group_id(service: str, consumer: Consumer, generation: int, prefix: str = "") -> str:
    """The consumer group of a generation."""
    return f"{prefix}{service}.{consumer.name}.{generation}"


@dataclass(frozen=True)
class LiveFrom:
    """The offsets from which on a consumer's policies run: the topics' ends at its first start."""

    offsets: Mapping[str, int]

    def reached(self, stream: str, partition: int, offset: int) -> bool:
        """Whether a record at this place came after the consumer's first start."""
        return offset >= self.offsets.get(f"{stream}/{partition}", 0)


def live_from(name: str, ends: Places, topic_prefix: str) -> LiveFrom:
    """Note `ends` at the very first start, and ever after answer what was noted then."""
    noted = {f"{topic.removeprefix(topic_prefix)}/{partition}": offset for (topic, partition), offset in ends.items()}
    try:
        db().consumers.insert_one({"_id": name, "live_from": noted, "first_start": server_now()})
    except DuplicateKeyError:
        row = db().consumers.find_one({"_id": name})
        noted = row["live_from"] if row else noted
    return LiveFrom(noted)


def topics_were_remade(name: str) -> None:
    """Forget offsets that named records of a topic that is gone; from now on every fact not applied yet is live."""
    db().consumers.update_many({"_id": name}, {"$set": {"live_from": {}}})


def halt(name: str, reason: str) -> None:
    """Stop a consumer durably; only an operator clears it."""
    db().consumers.update_one(
        {"_id": name}, {"$set": {"halted": {"since": server_now(), "reason": reason}}}, upsert=True
    )


def halted(name: str) -> Row | None:
    """The halt of a consumer, if there is one."""
    row = db().consumers.find_one({"_id": name}, {"halted": 1})
    halt_row: Row | None = row.get("halted") if row else None
    metrics.HALTED.labels(name).set(1 if halt_row else 0)
    return halt_row


def clear_halt(name: str, reason: str) -> bool:
    """Let a halted consumer go on, in the unit of work at hand; whether it had been halted."""
    cleared = {"$unset": {"halted": ""}, "$set": {"cleared_at": server_now()}}
    if not db().consumers.update_one({"_id": name, "halted": {"$exists": True}}, cleared).matched_count:
        return False
    note_operator("clear-halt", name, reason)
    return True


def forget_before(consumer: Consumer, generation: int) -> None:
    """Drop what older generations of a consumer left: collections, positions and parked facts."""
    if consumer.view is None:
        return
    consumer.view.forget_before(generation)
    for row in db().consumers.find({"_id": {"$regex": f"^{consumer.name}@"}}, {"_id": 1}):
        if int(row["_id"].rsplit("@", 1)[1]) < generation:
            db().positions.delete_many({"consumer": row["_id"]})
            db().parked.delete_many({"consumer": row["_id"]})
            db().consumers.delete_one({"_id": row["_id"]})
