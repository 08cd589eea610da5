"""A consumer's generations: the group of each, whether it was halted, and what belongs to it."""

from chassis import metrics
from chassis.consumer import Consumer
from chassis.database import Row, db, server_now
from chassis.parking import note_operator


def group_id(service: str, consumer: Consumer, generation: int, prefix: str = "") -> str:
    """The consumer group of a generation; another after its topics were made anew, for its offsets went with them."""
    row = db().consumers.find_one({"_id": f"{consumer.name}@{generation}"}, {"remakes": 1}) or {}
    remakes = row.get("remakes", 0)
    return f"{prefix}{service}.{consumer.name}.{generation}" + (f".{remakes}" if remakes else "")


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
