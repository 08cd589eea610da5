"""One page of a table that is no aggregate, in the manner of the repository's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pymongo.collection import Collection

from chassis import paging
from chassis.database import Row
from chassis.paging import Page, Sort


@dataclass(frozen=True)
class Paging:
    """Which page a caller asks for (AIP-158)."""

    size: int
    token: str


def page(
    collection: Collection[Row],
    query: Mapping[str, Any],
    order: Sort,
    wanted: Paging,
    *,
    also: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[Page, int]:
    """The rows that match, and how many there are in all pages; `order` ends in a unique field.

    `also` must hold too and may differ from page to page, as the moment does; a token is good for one `query`.
    """
    size = paging.size(wanted.size)
    behind = {"$and": [query, also, paging.after(wanted.token, query, order)]}
    rows = list(collection.find(behind).sort(list(order)).limit(size + 1))
    if len(rows) <= size and not wanted.token:
        return Page(rows, ""), len(rows)  # the only page: there is nothing else to count
    token = paging.token(rows[size - 1], query, order) if len(rows) > size else ""
    return Page(rows[:size], token), collection.count_documents({"$and": [query, also]})
