"""What managers of a country may ask about the holds of its factories."""

from typing import Any

from chassis import paging
from chassis.identity import Identity
from chassis.paging import Page
from programme import access
from programme.domain.hold import HoldState
from programme.paged import Paging
from programme.storage import factory_holds

ORDER = (("holds.placed_at", -1), ("holds.id", 1))


def list_holds(caller: Identity, factory_id: str, state: HoldState | None, wanted: Paging) -> tuple[Page, int]:
    """Holds, the latest first, and how many there are; each row is its factory's document with this one hold.

    `factory_id` empty: of every factory in the caller's countries. There are few, so they are sorted when asked for.
    """
    query: dict[str, Any] = {"_id": factory_id} if factory_id else {}
    one = {"holds.state": state.value} if state else {}
    stages: list[dict[str, Any]] = [
        {"$match": {"$and": [access.visible(caller, "hold").query, query]}},
        {"$unwind": "$holds"},
        {"$match": one},
    ]
    size, mark = paging.size(wanted.size), query | one
    page: list[dict[str, Any]] = [
        {"$match": paging.after(wanted.token, mark, ORDER)},
        {"$sort": dict(ORDER)},
        {"$limit": size + 1},
    ]
    rows = list(factory_holds.collection.aggregate([*stages, *page]))
    token = paging.token(rows[size - 1], mark, ORDER) if len(rows) > size else ""
    counted = next(factory_holds.collection.aggregate([*stages, {"$count": "rows"}]), {"rows": 0})
    return Page(rows[:size], token), counted["rows"]
