"""What an operator sees and does: pending facts, relay, consumers, and what is parked."""

from typing import Any

from chassis.applying import Applier
from chassis.consumer import Message
from chassis.database import db, server_now
from chassis.generations import LiveFrom
from chassis.service import Service


def parked(limit: int = 500) -> list[dict[str, Any]]:
    """What is parked, oldest first, without the facts' values."""
    fields = {"value": 0, "headers": 0}
    return list(db().parked.find({}, fields).sort("parked_at", 1).limit(limit))


def applier(service: Service, name: str) -> Applier:
    """An applier for redriving or skipping on behalf of the running consumer `name@generation`.

    Raises LookupError when the service has no such consumer.
    """
    consumer_name, _, generation = name.partition("@")
    consumer = next((one for one in service.consumers if one.name == consumer_name), None)
    if consumer is None or not generation.isdigit():
        raise LookupError(f"no consumer {name}")
    row = db().consumers.find_one({"_id": name}) or {}
    live_from = LiveFrom(row.get("live_from", {}))

    def is_live(message: Message) -> bool:
        return live_from.reached(message.stream, message.partition, message.offset)

    return Applier(consumer, int(generation), is_live)


def relay_state() -> dict[str, Any]:
    """Who holds the relay's lease, and what waits for it."""
    lease = db().leases.find_one({"_id": "relay"}) or {}
    oldest = db().facts.find_one({"pending": True}, {"recorded_at": 1}, sort=[("order", 1)])
    now = server_now()
    return {
        "held": bool(lease and lease["until"] > now),
        "holder": lease.get("holder", ""),
        "epoch": lease.get("epoch", 0),
        "pending": db().facts.count_documents({"pending": True}),
        "oldest_pending": oldest["recorded_at"] if oldest else None,
        "held_aggregates": [row["_id"] for row in db().held.find({}, {"_id": 1})],
    }
