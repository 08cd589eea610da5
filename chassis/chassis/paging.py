"""Pages by key (AIP-158): a token names the last row seen, so that a page costs the same wherever it lies."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.errors import Invalid

DEFAULT_SIZE = 50
LARGEST_SIZE = 500
Sort = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the token of the next (empty at the end)."""

    rows: list[dict[str, Any]]
    next_page_token: str


def size(requested: int) -> int:
    """The rows to return for a requested page_size; 0 takes the default, more than the largest is cut (AIP-158)."""
    if requested < 0:
        raise Invalid.field("page_size", "must not be negative")
    return min(requested or DEFAULT_SIZE, LARGEST_SIZE)


def after(token: str, query: Mapping[str, Any], sort: Sort) -> dict[str, Any]:
    """The condition for rows behind the token's. Raises Invalid for a token that is malformed or of another query."""
    if not token:
        return {}
    try:
        content = json.loads(base64.urlsafe_b64decode(token.encode()))
        mark, values = content["query"], [_revive(value) for value in content["last"]]
    except (ValueError, KeyError, TypeError):
        raise Invalid.field(
            "page_token", "is not a token that this list returned", reason="INVALID_PAGE_TOKEN"
        ) from None
    if mark != _mark(query, sort) or len(values) != len(sort):
        raise _wrong_token("belongs to a list with other filters")
    return {"$or": [_step(sort[: place + 1], values) for place in range(len(sort))]}


def token(last: Mapping[str, Any], query: Mapping[str, Any], sort: Sort) -> str:
    """The token of the page behind this row."""
    values = [_freeze(_value(last, name)) for name, _ in sort]
    content = json.dumps({"query": _mark(query, sort), "last": values})
    return base64.urlsafe_b64encode(content.encode()).decode()


def _wrong_token(description: str) -> Invalid:
    return Invalid.field("page_token", description, reason="INVALID_PAGE_TOKEN")


def _step(sort: Sort, values: Sequence[Any]) -> dict[str, Any]:
    *equal, (name, direction) = sort
    condition = {field: values[place] for place, (field, _) in enumerate(equal)}
    condition[name] = {"$gt" if direction > 0 else "$lt": values[len(equal)]}
    return condition


def _value(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _mark(query: Mapping[str, Any], sort: Sort) -> str:
    text = json.dumps([query, list(sort)], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _freeze(value: Any) -> Any:
    return {"time": value.isoformat()} if isinstance(value, datetime) else value


def _revive(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["time"])
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise ValueError("no scalar")
