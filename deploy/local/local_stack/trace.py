"""`python -m local_stack trace ID`: one trace from the click to the last effect, found by any id that belongs to it."""

import re
from collections.abc import Iterable
from typing import Any

from pymongo import MongoClient

from local_stack import spans
from local_stack.layout import Layout

_TRACE_ID = re.compile(r"[0-9a-f]{32}")
# An aggregate has a trace for each thing that was done to it; the latest are shown.
MOST = 5


class UnknownId(Exception):
    """Nothing has this id; the text says where was looked."""


def trace(layout: Layout, wanted: str, mongodb_uri: str, databases: Iterable[str]) -> str:
    """The traces that an id leads to, as text: the id of a trace, of an event, or of a resource (`factories/bd-1001`
    or `bd-1001`). Raises UnknownId."""
    found = {wanted: set[str]()} if _TRACE_ID.fullmatch(wanted) else events(wanted, mongodb_uri, databases)
    if not found:
        raise UnknownId(f"No fact has the event id or resource id {wanted}, and it is no trace id (32 hex digits).")
    kept = spans.read(layout.spans, list(found)[-MOST:])
    pages = [spans.page(trace_id, spans.about(all_of_it, found[trace_id])) for trace_id, all_of_it in kept.items()]
    if len(found) > MOST:
        pages.insert(0, f"{len(found)} traces; the latest {MOST}:")
    return "\n\n".join(pages)


def events(wanted: str, mongodb_uri: str, databases: Iterable[str]) -> dict[str, set[str]]:
    """Trace id -> event ids of the facts with this event id or of this aggregate, the oldest trace first."""
    key = wanted.rsplit("/", 1)[-1]
    query = {"$or": [{"event_id": key}, {"key": key}], "traceparent": {"$ne": ""}}
    rows: list[dict[str, Any]] = []
    with MongoClient[dict[str, Any]](mongodb_uri, serverSelectionTimeoutMS=5000) as client:
        for database in databases:
            rows += client[database].facts.find(query, {"traceparent": 1, "recorded_at": 1, "event_id": 1})
    found: dict[str, set[str]] = {}
    for row in sorted(rows, key=lambda row: row["recorded_at"]):
        found.setdefault(row["traceparent"].split("-")[1], set()).add(row["event_id"])
    return found
