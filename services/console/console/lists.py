"""Lists that can be taken away: every page of one, as CSV that a spreadsheet opens without harm.

UTF-8 with a byte order mark, because spreadsheets take anything else for Latin letters. A cell of text that begins like
a formula is quoted with an apostrophe, because names and notes come from outside (CWE-1236). Numbers stay numbers.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from starlette.responses import Response, StreamingResponse

from chassis import clock
from console import times
from console.page import Handler, Route, get
from console.visit import Visit

RowT = TypeVar("RowT")

Cell: TypeAlias = str | int | float | date | datetime | Timestamp | Date | None
PAGE_SIZE = 500
"""Rows asked of a service at a time: the most that any gives."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK = "\ufeff"


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """A column of the file: the key of its heading's text, and what it says of a row."""

    heading: str
    cell: Callable[[Visit, RowT], Cell]


@dataclass(frozen=True)
class Listing(Generic[RowT]):
    """A list of a service: how a page is read, `(visit, page token, size)` to `(rows, next token)`, and its columns.

    `read` takes its filters from the visit's query, the same that the page on the screen takes.
    """

    name: str
    read: Callable[[Visit, str, int], tuple[Sequence[RowT], str]]
    columns: tuple[Column[RowT], ...]


def get_csv(path: str, listing: Listing[RowT]) -> Route:
    """An address at which a list can be downloaded, filtered as its query says."""
    return get(path, export(listing), twin=False)


def export(listing: Listing[RowT]) -> Handler:
    """The handler behind a download.

    The first page is read before anything is sent, so that a refusal is still an ordinary page. When a service goes
    away later, the download breaks off as failed: a list that is cut short must not look complete.
    """

    def handler(visit: Visit) -> Response:
        first = listing.read(visit, "", PAGE_SIZE)
        name = f"{listing.name}-{clock.now().astimezone(ZoneInfo(visit.zone)):%Y-%m-%d}.csv"
        return StreamingResponse(
            written(visit, listing, first),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    return handler


def written(visit: Visit, listing: Listing[RowT], first: tuple[Sequence[RowT], str]) -> Iterator[str]:
    """The file, a page of the list at a time."""
    yield _MARK + _lines([[visit.say(column.heading) for column in listing.columns]])
    for rows in _pages(visit, listing, first):
        yield _lines([[safe(column.cell(visit, row), visit.zone) for column in listing.columns] for row in rows])


def safe(cell: Cell, zone: str) -> str | int | float:
    """A cell as it stands in the file: days and moments as ISO 8601, text that cannot be taken for a formula."""
    match cell:
        case None:
            return ""
        case Timestamp() | datetime():
            return times.moment(cell).astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
        case Date():
            return times.calendar_day(cell).isoformat() if cell.year else ""
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
        case _:
            return cell


def _pages(visit: Visit, listing: Listing[RowT], first: tuple[Sequence[RowT], str]) -> Iterator[Sequence[RowT]]:
    rows, token = first
    yield rows
    while token:
        rows, token = listing.read(visit, token, PAGE_SIZE)
        yield rows


def _lines(rows: Sequence[Sequence[str | int | float]]) -> str:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue()
