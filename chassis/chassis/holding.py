"""What the relay has set aside: facts that the broker refuses for good, and streams whose topic is missing.

A row of `held` is an aggregate's facts in one stream, or a whole stream, which has an empty `key`.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.database import Row, db
from chassis.logs import describe

log = logging.getLogger(__name__)
REFUSED_RETRY = timedelta(minutes=5)
MISSING_RETRY = timedelta(seconds=15)


def line(fact: Row) -> str:
    """Id of the row in `held` for an aggregate's facts in one stream."""
    return f"{fact['stream']}/{fact['key']}"


def hold_line(fact: Row, error: BaseException) -> None:
    """Set an aggregate's facts in one stream aside: the broker refuses the first of them."""
    log.error("the broker refuses a fact for good", extra={"event_id": fact["event_id"], "error": describe(error)})
    content = {"key": fact["key"], "event_id": fact["event_id"], "error": type(error).__name__}
    _hold(line(fact), fact["stream"], content, REFUSED_RETRY)


def hold_stream(stream: str) -> None:
    """Set a stream aside: it has no topic. It is looked for again soon, for creating it is a matter of seconds."""
    log.error("a stream has no topic", extra={"stream": stream})
    _hold(stream, stream, {"key": "", "error": "UnknownTopicOrPartitionError"}, MISSING_RETRY)


def release_lines(facts: Sequence[Row]) -> None:
    """The broker has taken these facts."""
    db().held.delete_many({"_id": {"$in": [line(fact) for fact in facts]}})


def release_streams(streams: Iterable[str]) -> None:
    """These streams have their topics."""
    db().held.delete_many({"_id": {"$in": list(streams)}})


def flowing() -> dict[str, Any]:
    """The query of the facts that nothing holds at present."""
    waiting = db().held.find({"retry_at": {"$gt": datetime.now(UTC)}, "key": {"$exists": True}})
    held = [{"stream": row["stream"], **({"key": row["key"]} if row["key"] else {})} for row in waiting]
    return {"$nor": held} if held else {}


def counts() -> tuple[int, int]:
    """How many aggregates and how many streams are set aside."""
    streams = db().held.count_documents({"key": ""})
    return db().held.count_documents({}) - streams, streams


def _hold(id: str, stream: str, content: Row, retry: timedelta) -> None:
    whole = {"stream": stream, "retry_at": datetime.now(UTC) + retry, **content}
    db().held.update_one({"_id": id}, {"$set": whole}, upsert=True)
