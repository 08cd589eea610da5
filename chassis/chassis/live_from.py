"""Since when a consumer is live: facts from before its first start move its state, and issue and send nothing.

"Before" is told by offset, for a fact may be published long after it was recorded. Offsets mean nothing any more once
a topic was deleted and filled again from `facts`; of such a topic only the facts' own times can tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.consumer import Message
from chassis.database import Row, db, server_now
from chassis.offsets import Places


@dataclass(frozen=True)
class LiveFrom:
    """`offsets` are the topics' ends at the first start, by `stream/partition`; `remade` the streams they lost."""

    offsets: Mapping[str, int]
    remade: frozenset[str]
    first_start: datetime

    def reached(self, message: Message) -> bool:
        """Whether a fact came after the consumer's first start."""
        if message.stream in self.remade:
            return message.time >= self.first_start
        return message.offset >= self.offsets.get(f"{message.stream}/{message.partition}", 0)


def note(name: str, ends: Places, topic_ids: Mapping[str, str], topic_prefix: str) -> LiveFrom:
    """Note the topics' ends at the first start of the consumer `name@generation`, and ever after what was noted then.

    `topic_ids` are the broker's own ids of the topics: another id than last time is another topic. A stream that the
    consumer reads for the first time counts from its present end.
    """
    business = server_now() + clock.offset()
    start: Row = {"live_from": {}, "topics": {}, "remade": [], "remakes": 0, "first_start": business}
    db().consumers.update_one({"_id": name}, {"$setOnInsert": start}, upsert=True)
    while True:
        row: Row = db().consumers.find_one({"_id": name}) or start
        known: Mapping[str, str] = row["topics"]
        ids = {topic.removeprefix(topic_prefix): id for topic, id in topic_ids.items()}
        changed = {stream for stream, id in ids.items() if known.get(stream, id) != id}
        fresh = ids.keys() - known.keys()
        if not changed and not fresh:
            return noted(row)
        places = {f"{topic.removeprefix(topic_prefix)}/{number}": end for (topic, number), end in ends.items()}
        content: Row = {
            "topics": {**known, **ids},
            "live_from": {
                **row["live_from"],
                **{place: end for place, end in places.items() if place.rpartition("/")[0] in fresh},
            },
            "remade": sorted({*row["remade"], *changed}),
            "remakes": row["remakes"] + bool(changed),
        }
        db().consumers.update_one({"_id": name, "topics": known}, {"$set": content})


def noted(row: Row) -> LiveFrom:
    """What a consumer's row says."""
    return LiveFrom(row["live_from"], frozenset(row["remade"]), row["first_start"])
