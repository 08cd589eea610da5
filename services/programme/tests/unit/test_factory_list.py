"""The factory list: what the file, a row and a cell may be, and what becomes of each row."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.domain.cells import DateFormat
from programme.domain.errors import FileRefused, Problem
from programme.domain.factory import CloseReason, Factory, FactoryStatus, SuspendReason
from programme.domain.factory_csv import COLUMNS, MOST_BYTES, MOST_ROWS, read_file
from programme.domain.factory_details import Location, Owner, Workers
from programme.domain.factory_import import Outcome
from programme.domain.factory_row import FactoryRow, read_row
from programme.domain.facts import FactoryClosed, FactoryEnrolled, FactorySuspended, FactoryUpdated

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNTRIES = ("BD", "KH", "VN", "JO")
SAMPLE = Path(__file__).parents[1] / "data" / "factories.csv"
SOUND = {"country": "BD", "id": "1001", "name": "Blue Lotus Knitwear", "status": "active"}


def read(cells: dict[str, str], dates: DateFormat = DateFormat.ISO) -> FactoryRow | tuple[Problem, ...]:
    return read_row(SOUND | cells, dates, COUNTRIES, NOW)


def sound(cells: dict[str, str], dates: DateFormat = DateFormat.ISO) -> FactoryRow:
    row = read(cells, dates)
    assert isinstance(row, FactoryRow), row
    return row


def refused(cells: dict[str, str], dates: DateFormat = DateFormat.ISO) -> list[tuple[str, str]]:
    problems = read(cells, dates)
    assert isinstance(problems, tuple)
    return [(problem.field, problem.reason) for problem in problems]


def csv_of(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_the_sample_file_is_a_sound_factory_list() -> None:
    rows = read_file(SAMPLE.read_bytes())
    read_rows = [read_row(row.cells, DateFormat.ISO, COUNTRIES, NOW) for row in rows]
    assert [row.factory_id for row in read_rows if isinstance(row, FactoryRow)] == [
        "bd-1001", "bd-1002", "kh-2001", "jo-4002",
    ]  # fmt: skip
    assert {column.name for column in COLUMNS} == set(rows[0].cells)


def test_a_byte_order_mark_and_any_column_order_are_welcome() -> None:
    backwards = dict(reversed(SOUND.items()))
    assert read_file(b"\xef\xbb\xbf" + csv_of(backwards))[0].cells == SOUND


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    numbers = [row.number for row in read_file(csv_of(SOUND) + b"\r\n" + csv_of(SOUND).split(b"\r\n")[1])]
    assert numbers == [2, 4]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "FILE_EMPTY", "empty"),
        (b"country,id,name,status\n", "FILE_EMPTY", "no row"),
        (csv_of(SOUND) + "é".encode("latin-1"), "FILE_NOT_UTF8", "byte 61 "),
        (b"\xef\xbb\xbf" + csv_of(SOUND) + b"\xff", "FILE_NOT_UTF8", "byte 64 "),
        (csv_of(SOUND).decode().encode("utf-16"), "FILE_NOT_UTF8", "byte 1 "),
        (b"x" * (MOST_BYTES + 1), "FILE_TOO_LARGE", str(MOST_BYTES)),
        (b"country,id,name,status\n" + b"BD,1,a,active\n" * (MOST_ROWS + 1), "TOO_MANY_ROWS", str(MOST_ROWS)),
        (csv_of(SOUND | {"colour": "red"}), "UNKNOWN_COLUMN", "column 5"),
        (csv_of({"country": "BD", "id": "1", "name": "a"}), "MISSING_COLUMN", "status"),
        (csv_of(SOUND | {"workers_total": "5"}), "MISSING_COLUMN", "workers_female, workers_male"),
        (b"country,id,name,status,id\nBD,1,a,active,2\n", "DUPLICATE_COLUMN", "id"),
        (csv_of(SOUND) + b'BD,2,"open,active\n', "FILE_MALFORMED", "line 3"),
    ],
)
def test_a_file_that_is_no_factory_list_is_refused_whole(content: bytes, code: str, words: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_file(content)
    assert refusal.value.code == code
    assert words in refusal.value.description


def test_a_row_of_another_width_is_refused_alone() -> None:
    first, second = read_file(csv_of(SOUND) + b"BD,2\n")
    assert first.problem is None
    assert second.problem is not None
    assert second.problem.reason == "ROW_WIDTH"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  ="])
@pytest.mark.parametrize("column", ["name", "address", "original_id", "contact_name", "workers_total", "status"])
def test_a_formula_is_refused_in_every_cell(start: str, column: str) -> None:
    cells = dict.fromkeys(("contact_name", "contact_position", "contact_phone", "contact_email"), "")
    cells |= {"workers_total": "", "workers_female": "", "workers_male": ""}
    assert (column, "FORMULA") in refused(cells | {column: f"{start}SUM(A1)"})


def test_signs_are_welcome_where_they_belong() -> None:
    contact = {"contact_name": "", "contact_position": "", "contact_email": "", "contact_phone": "+880 2 5550-1001"}
    assert sound(contact).values["contact"].phone == "+880 2 5550-1001"
    assert sound({"gps": "-6.2, 106.8"}).values["location"] == Location(-6.2, 106.8)
    assert refused({"latest_cycle": "-3"}) == [("latest_cycle", "OUT_OF_RANGE")]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"country": "FR"}, "country", "COUNTRY_NOT_YOURS"),
        ({"country": "Bangladesh"}, "country", "WRONG_FORM"),
        ({"country": ""}, "country", "REQUIRED"),
        ({"id": "10 01"}, "id", "WRONG_FORM"),
        ({"name": "  "}, "name", "REQUIRED"),
        ({"name": "x" * 201}, "name", "TEXT_LENGTH"),
        ({"name": "a\x00b"}, "name", "CONTROL_CHARACTER"),
        ({"status": "open"}, "status", "UNKNOWN_VALUE"),
        ({"obsoletion_reason": "strike"}, "obsoletion_reason", "REASON_NOT_EXPECTED"),
        ({"status": "closed", "obsoletion_reason": "strike"}, "obsoletion_reason", "UNKNOWN_VALUE"),
        ({"status": "suspended"}, "obsoletion_reason", "UNKNOWN_VALUE"),
        ({"gps": "Dhaka"}, "gps", "WRONG_FORM"),
        ({"gps": "91 0"}, "gps", "OUT_OF_RANGE"),
        ({"isic_division": "140"}, "isic_division", "WRONG_FORM"),
        ({"start_year_in_country": "1808"}, "start_year_in_country", "OUT_OF_RANGE"),
        ({"start_year_in_country": "2027"}, "start_year_in_country", "OUT_OF_RANGE"),
        ({"latest_cycle": "1,200"}, "latest_cycle", "NOT_A_NUMBER"),
        ({"latest_cycle": "٣"}, "latest_cycle", "NOT_A_NUMBER"),
        ({"creation_date": "0209-01-20"}, "creation_date", "DATE_OUT_OF_RANGE"),
        ({"creation_date": "1921-01-20"}, "creation_date", "DATE_OUT_OF_RANGE"),
        ({"creation_date": "2126-01-20"}, "creation_date", "DATE_OUT_OF_RANGE"),
        ({"creation_date": "21-01-20"}, "creation_date", "NOT_A_DATE"),
        ({"cycle_start": "2026-02-30"}, "cycle_start", "NOT_A_DATE"),
        ({"cycle_start": "01/02/2026"}, "cycle_start", "NOT_A_DATE"),
        ({"assigned_advisor": "Some Body"}, "assigned_advisor", "WRONG_FORM"),
        ({"peer_grouping": "1"}, "peer_grouping", "NOT_YES_OR_NO"),
    ],
)
def test_each_wrong_cell_is_named_with_its_reason(cells: dict[str, str], column: str, reason: str) -> None:
    assert refused(cells) == [(column, reason)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (("", "", ""), None),
        (("10", "", ""), None),
        (("10", "6", "4"), None),
        (("10", "6", "3"), ("workers_total", "WORKERS_DO_NOT_ADD_UP")),
        (("", "6", "4"), ("workers_total", "WORKERS_DO_NOT_ADD_UP")),
        (("10", "6", ""), ("workers_male", "REQUIRED")),
        (("900000", "", ""), ("workers_total", "OUT_OF_RANGE")),
        (("ten", "", ""), ("workers_total", "NOT_A_NUMBER")),
    ],
)
def test_head_counts_by_sex_add_up(counts: tuple[str, str, str], expected: tuple[str, str] | None) -> None:
    cells = dict(zip(("workers_total", "workers_female", "workers_male"), counts, strict=True))
    if expected is None:
        assert isinstance(sound(cells).values["workers"], Workers)
    else:
        assert refused(cells) == [expected]


def test_dates_are_read_as_declared() -> None:
    assert sound({"cycle_start": "2026-02-01"}).values["cycle_start"] == date(2026, 2, 1)
    assert sound({"cycle_start": "01/02/2026"}, DateFormat.DAY_FIRST).values["cycle_start"] == date(2026, 2, 1)
    assert refused({"cycle_start": "01/02/26"}, DateFormat.DAY_FIRST) == [("cycle_start", "NOT_A_DATE")]


def test_a_row_names_all_its_problems_at_once_and_repeats_no_value() -> None:
    problems = read({"name": "=SECRET", "country": "XX", "cycle_start": "SECRET"})
    assert isinstance(problems, tuple)
    assert [problem.field for problem in problems] == ["name", "cycle_start", "country"]
    assert not any("SECRET" in problem.description for problem in problems)


def test_an_unknown_factory_is_enrolled_and_brought_to_its_status() -> None:
    row = sound({"status": "closed", "obsoletion_reason": "relocated"})
    factory, result = row.apply(None, NOW)
    assert factory is not None
    assert result.outcome is Outcome.CREATED
    assert (factory.status, factory.reason_code) == (FactoryStatus.CLOSED, CloseReason.RELOCATED.value)
    assert [type(fact) for fact in factory.recorded] == [FactoryEnrolled, FactoryClosed]


def known(row: FactoryRow) -> Factory:
    factory, _ = row.apply(None, NOW)
    assert factory is not None
    factory.recorded.clear()
    return factory


def test_the_same_row_again_changes_nothing() -> None:
    row = sound({"address": "Plot 12", "owner_legal_entity": "Blue Lotus Holdings", "owner_address": "Plot 12"})
    factory, result = row.apply(known(row), NOW)
    assert factory is None
    assert result.outcome is Outcome.UNCHANGED


def test_only_what_differs_is_recorded_and_absent_columns_keep_what_is_known() -> None:
    factory = known(sound({"address": "Plot 12", "owner_legal_entity": "Blue Lotus Holdings", "owner_address": ""}))
    changed, result = sound({"address": "Plot 13", "name": factory.details.name}).apply(factory, NOW)
    assert changed is not None
    assert result.outcome is Outcome.UPDATED
    assert changed.recorded == [FactoryUpdated("bd-1001", ("address",), NOW)]
    assert changed.details.owner == Owner("Blue Lotus Holdings", "")


def test_another_reason_of_suspension_is_a_reinstatement_and_a_suspension() -> None:
    factory = known(sound({"status": "suspended", "obsoletion_reason": "strike"}))
    changed, _ = sound({"status": "suspended", "obsoletion_reason": "no_access"}).apply(factory, NOW)
    assert changed is not None
    assert changed.recorded[-1] == FactorySuspended("bd-1001", SuspendReason.NO_ACCESS.value, NOW)


@pytest.mark.parametrize("reason", ["", "merged"])
def test_a_closed_factory_stays_as_it_closed(reason: str) -> None:
    factory = known(sound({"status": "closed", "obsoletion_reason": "relocated"}))
    status = "closed" if reason else "active"
    saved, result = sound({"status": status, "obsoletion_reason": reason}).apply(factory, NOW)
    assert saved is None
    assert [(problem.field, problem.reason) for problem in result.problems] == [("status", "FACTORY_WRONG_STATE")]


@given(cells=st.fixed_dictionaries({column.name: st.text(max_size=30) for column in COLUMNS}))
@settings(max_examples=60, deadline=None)
def test_any_cells_give_a_row_or_named_problems(cells: dict[str, str]) -> None:
    row = read_row(cells, DateFormat.DAY_FIRST, COUNTRIES, NOW)
    if isinstance(row, FactoryRow):
        row.apply(None, NOW)
    else:
        assert row
        assert {problem.field for problem in row} <= {column.name for column in COLUMNS}


@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_rows_or_a_refusal(content: bytes) -> None:
    try:
        rows = read_file(b"country,id,name,status\r\n" + content)
    except FileRefused as refusal:
        rows = []
        refused_as = refusal.code
    else:
        refused_as = ""
    assert bool(rows) != bool(refused_as)


@given(
    total=st.integers(0, 100_000), share=st.integers(0, 100), name=st.text("abc ñবস", min_size=1).filter(str.strip)
)  # fmt: skip
def test_what_is_written_is_what_is_read(total: int, share: int, name: str) -> None:
    female = total * share // 100
    cells = SOUND | {"name": name, "workers_total": str(total), "workers_female": str(female),
                     "workers_male": str(total - female)}  # fmt: skip
    (raw,) = read_file(csv_of(cells))
    row = read_row(raw.cells, DateFormat.ISO, COUNTRIES, NOW)
    assert isinstance(row, FactoryRow)
    assert row.values["workers"] == Workers(total, female, total - female)
    assert row.values["name"] == name.strip()
