"""The lists of the demonstration are current, and wrong in exactly the rows that are wrong on purpose."""

from datetime import UTC, datetime

import pytest

from local_stack.demo import lists
from programme.domain.cells import DateFormat
from programme.domain.errors import FileRefused
from programme.domain.factory_csv import read_file
from programme.domain.factory_row import FactoryRow, read_row

NOW = datetime(2026, 12, 1, tzinfo=UTC)
COUNTRIES = {"BD", "KH", "VN", "JO"}


@pytest.mark.parametrize("name", lists.files())
def test_the_committed_file_is_what_the_generator_makes(name: str) -> None:
    assert (lists.FOLDER / name).read_bytes() == lists.files()[name], "run python -m local_stack.demo.lists"


def problems(content: bytes) -> dict[int, set[str]]:
    """Row of the file -> columns that the importer finds wrong in the row itself."""
    read = {row.number: read_row(row.cells, DateFormat.ISO, COUNTRIES, NOW) for row in read_file(content)}
    return {
        number: {problem.field for problem in row} for number, row in read.items() if not isinstance(row, FactoryRow)
    }


def test_the_list_to_import_is_wrong_in_the_rows_that_are_wrong_on_purpose() -> None:
    content = lists.bangladesh()
    assert len(read_file(content)) == 300
    found = problems(content)
    # The duplicate is right in itself; only the file as a whole shows it.
    expected = {line: column for line, column, _ in lists.WRONG if column != "id"}
    assert found.keys() == expected.keys()
    assert all(
        any(field.startswith(column.split("_")[0]) for field in found[line]) for line, column in expected.items()
    )


def test_the_duplicate_names_a_factory_that_stands_before_it() -> None:
    rows = {row.number: row.cells["id"] for row in read_file(lists.bangladesh())}
    [(line, text)] = [(line, text) for line, column, text in lists.WRONG if column == "id"]
    assert [number for number, factory in rows.items() if factory == text] == [2, line]


def test_every_factory_of_the_first_start_is_good() -> None:
    assert problems(lists.enrolled()) == {}
    assert {"1001", "4001"} <= {row.cells["id"] for row in read_file(lists.enrolled())}


def test_a_list_in_an_old_encoding_is_refused_as_a_whole() -> None:
    with pytest.raises(FileRefused) as refused:
        read_file(lists.wrong_encoding())
    assert refused.value.code == "FILE_NOT_UTF8"
