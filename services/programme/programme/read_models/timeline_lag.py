"""Since when steps may be missing in a factory's timeline, as far as that can be known here.

Known are programme's own facts, published or not; what is parked; and up to when the consumer has read every stream. A
fact that the relay of another service still has is not known.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from google.protobuf.message import Message as Proto

from chassis import caught_up, parking, positions
from chassis.access import EVERYTHING
from chassis.consumer import decode
from chassis.database import Row, db
from chassis.outcomes import Undecodable
from programme.storage import consent_grants

MOST_PARKED = 200
"""So many parked facts are looked into; should there be more, they may be about any factory."""

OF_FACTORIES = frozenset(
    {
        "programme-factories",
        "assessment-improvement-plans",
        "assessment-committees",
        "finance-linkage-eligibility",
    }
)
"""The timeline's streams whose keys are ids of factories."""


def stale_since(factory_id: str, consumer: str) -> datetime | None:
    """From when on steps of the factory may be missing; None when nothing is known to be.

    `consumer` is the timeline's, with its generation. A fact that an operator gave up is not missing.
    """
    known = (look(factory_id, consumer) for look in (_unread, _waiting, _parked))
    return min(chain.from_iterable(known), default=None)


def _unread(factory_id: str, consumer: str) -> Iterator[datetime]:
    """When the consumer had last read everything, if it is late; before its first fact a factory can miss nothing."""
    moment = caught_up.late_since(consumer)
    if moment is not None:
        first = db().facts.find_one({"key": factory_id}, {"recorded_at": 1}, sort=[("order", 1)])
        yield max(moment, first["recorded_at"]) if first else moment


def _waiting(factory_id: str, consumer: str) -> Iterator[datetime]:
    """The earliest of the service's own facts about the factory that the consumer has not passed."""
    grants = consent_grants.distinct(EVERYTHING, "_id", {"terms.factory_id": factory_id})
    places = [("programme-factories", factory_id), *(("programme-consents", grant) for grant in grants)]
    behind = [
        {"key": key, "stream": stream, "sequence": {"$gt": position.sequence}}
        for (stream, key), position in positions.load(consumer, places).items()
    ]
    fact = db().facts.find_one({"$or": behind}, {"recorded_at": 1}, sort=[("recorded_at", 1)])
    if fact is not None:
        yield fact["recorded_at"]


def _parked(factory_id: str, consumer: str) -> Iterator[datetime]:
    """When the parked facts that are about the factory, or may be, were recorded; or were parked, where none says."""
    rows = list(db().parked.find({"consumer": consumer}).sort("parked_at", 1).limit(MOST_PARKED + 1))
    for number, row in enumerate(rows):
        if number == MOST_PARKED or _may_concern(factory_id, row):
            moment: datetime = row.get("recorded_at") or row["parked_at"]
            yield moment


def _may_concern(factory_id: str, row: Row) -> bool:
    """Whether a parked fact names the factory; what cannot be read may be about any."""
    if row["reason"] == "unreadable":
        return True
    if row["stream"] in OF_FACTORIES:
        return bool(row["key"] == factory_id)
    try:
        fact = decode(parking.revive(row))
    except Undecodable:
        return True
    return factory_id in set(_named(fact))


def _named(fact: Proto) -> Iterator[str]:
    """The factories that a fact names, in itself and in its parts."""
    for field, value in fact.ListFields():
        if field.name in {"factory_id", "factory_ids"}:
            yield from [value] if isinstance(value, str) else value
        elif field.name == "factories":
            yield from (part.factory_id for part in value)
