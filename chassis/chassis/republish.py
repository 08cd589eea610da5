"""Puts a stream's facts on its topic again, same ids and sequences: for a topic that was lost or moved."""

from chassis.database import db
from chassis.registry import stream


def republish(name: str) -> int:
    """Mark every fact of the stream as pending, so that the relay publishes it once more; how many there are.

    Readers skip what they have: their positions stand by aggregate, not by offset.
    """
    stream(name)
    return db().facts.update_many({"stream": name}, {"$set": {"pending": True}}).modified_count
