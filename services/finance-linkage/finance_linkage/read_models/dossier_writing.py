"""How a dossier is written: the fields that a source owns, with the event that said them."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.type.date_pb2 import Date

from chassis.consumer import Message
from chassis.database import Row
from chassis.view import View
from finance_linkage.deadlines import evaluate_soon

dossiers = View("dossiers")


def origin(message: Message) -> Row:
    """Which event said something, and when."""
    return {"event": message.event_id, "at": message.time}


def day_text(day: Date) -> str:
    """A calendar day as text, which sorts as days do."""
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


def note(
    factory_id: str,
    values: Mapping[str, Any],
    *,
    remove: Sequence[str] = (),
    latest: Mapping[str, Row] | None = None,
) -> None:
    """Set and remove fields of a factory's dossier, and have the factory evaluated.

    A field of `latest` is replaced only by a row whose `key` sorts behind, so that aggregates may come in any order.
    """
    set_: dict[str, Any] = {name: {"$literal": value} for name, value in values.items()}
    for name, row in (latest or {}).items():
        later = {"$gt": [{"$literal": row["key"]}, {"$ifNull": [f"${name}.key", ""]}]}
        set_[name] = {"$cond": [later, {"$literal": row}, f"${name}"]}
    stages: list[Mapping[str, Any]] = [{"$set": set_}] if set_ else []
    stages += [{"$unset": list(remove)}] if remove else []
    dossiers.writes().update_one({"_id": factory_id}, stages, upsert=True)
    evaluate_soon(factory_id)
