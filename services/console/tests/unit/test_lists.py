"""What is taken away as CSV: every page of the list, readable everywhere, and harmless in a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from console.clients.troubles import Down
from console.lists import Cell, Column, Listing, export, safe, written
from console.visit import Visit

VISIT = cast(Visit, SimpleNamespace(zone="Asia/Dhaka", say=lambda key: key.upper()))


def listing(pages: Mapping[str, tuple[Sequence[str], str]]) -> Listing[str]:
    return Listing("things", lambda _, token, size: pages[token], (Column("a", lambda _, row: row),))


def test_every_page_is_in_the_file_below_one_heading() -> None:
    pages = {"": (["one", "two"], "more"), "more": (["three"], "last"), "last": ([], "")}
    text = "".join(written(VISIT, listing(pages), pages[""]))
    assert text == "\ufeffA\r\none\r\ntwo\r\nthree\r\n"


@pytest.mark.parametrize("evil", ["=1+1", "+880", "-2", "@sum", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")'])
def test_a_text_is_never_a_formula(evil: str) -> None:
    assert str(safe(evil, "UTC")).startswith("'")
    kept = next(csv.reader(io.StringIO("".join(written(VISIT, listing({}), ([evil], ""))).lstrip("\ufeff")[3:])))
    assert kept == [f"'{evil}"]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ('Plain, with "quotes"', 'Plain, with "quotes"'),
        ("", ""),
        (None, ""),
        (-5, -5),
        (0.25, 0.25),
        (date(2026, 1, 31), "2026-01-31"),
        (Date(year=2026, month=1, day=31), "2026-01-31"),
        (Date(), ""),
        (datetime(2026, 1, 31, 20, 30, tzinfo=UTC), "2026-02-01T02:30+06:00"),
        (Timestamp(seconds=0), "1970-01-01T06:00+06:00"),
    ],
)
def test_a_cell_is_written_for_every_reader(cell: Cell, kept: object) -> None:
    assert safe(cell, "Asia/Dhaka") == kept


def test_a_refusal_comes_before_the_file_and_a_break_inside_it_is_no_end() -> None:
    def read(_: Visit, token: str, size: int) -> tuple[Sequence[str], str]:
        if token:
            raise Down("programme")
        return ["one"], "more"

    def refuse(_: Visit, token: str, size: int) -> tuple[Sequence[str], str]:
        raise Down("programme")

    with pytest.raises(Down):
        export(Listing("things", refuse, ()))(VISIT)
    lines = written(VISIT, Listing("things", read, (Column("a", lambda _, row: row),)), (["one"], "more"))
    assert [next(lines), next(lines)] == ["\ufeffA\r\n", "one\r\n"]
    with pytest.raises(Down):
        next(lines)
