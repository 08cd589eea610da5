"""The factory list as a CSV file: its columns, and the rules that hold for the file as a whole.

The columns are those of the factory export that country offices already keep, in snake case. Column order does not
matter. The rules for a single cell live in `cells`, those for a row in `factory_row`.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from programme.domain.errors import FileRefused, Problem

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2_000
LONGEST_CELL = 2_000


class Kind(Enum):
    """What a cell must look like; `cells` holds one parser for each."""

    TEXT = "text"
    COUNTRY = "country code, two letters"
    EXPORT_ID = "letters and digits"
    EARLIER_ID = "letters, digits and - / ."
    STATUS = "active, suspended or closed"
    REASON = "reason code"
    GPS = "latitude and longitude in decimal degrees, as 23.8103 90.4125"
    PHONE = "telephone number"
    EMAIL = "email address"
    SECTION = "ISIC section, one letter"
    DIVISION = "ISIC division, two digits"
    YEAR = "year"
    COUNT = "whole number"
    CYCLE = "whole number, from 1"
    DATE = "date"
    FLAG = "yes or no"
    PERSON = "identifier of a person, a UUID"


@dataclass(frozen=True)
class Column:
    """One column: `required` means the header must be there; `filled` means each cell must be, too."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    filled: bool = False


CUSTOMERS = (1, 2, 3)


def _customer(n: int) -> list[Column]:
    return [
        Column(f"customer_{n}_name", Kind.TEXT, f"customer {n}, a company name"),
        Column(f"customer_{n}_years_of_business", Kind.COUNT, f"years of business with customer {n}"),
        Column(f"customer_{n}_preferred_supplier", Kind.FLAG, f"whether customer {n} calls it a preferred supplier"),
        Column(f"customer_{n}_contractor", Kind.FLAG, f"whether it works for customer {n} as a contractor"),
        Column(f"customer_{n}_subcontractor", Kind.FLAG, f"whether it works for customer {n} as a subcontractor"),
    ]


COLUMNS: tuple[Column, ...] = (
    Column("country", Kind.COUNTRY, "country programme, as BD", required=True, filled=True),
    Column("id", Kind.EXPORT_ID, "number of the factory in its country", required=True, filled=True),
    Column("original_id", Kind.EARLIER_ID, "number in an earlier system"),
    Column("name", Kind.TEXT, "name of the factory", required=True, filled=True),
    Column("status", Kind.STATUS, "active, suspended or closed", required=True, filled=True),
    Column("obsoletion_reason", Kind.REASON, "why it is suspended or closed; empty when active"),
    Column("address", Kind.TEXT, "postal address of the site"),
    Column("gps", Kind.GPS, "latitude and longitude of the site, decimal degrees, as 23.8103 90.4125"),
    Column("owner_legal_entity", Kind.TEXT, "legal entity that owns the factory"),
    Column("owner_address", Kind.TEXT, "address of that legal entity"),
    Column("contact_name", Kind.TEXT, "person to ask for (confidential)"),
    Column("contact_position", Kind.TEXT, "what that person does at the factory"),
    Column("contact_phone", Kind.PHONE, "telephone of that person (confidential)"),
    Column("contact_email", Kind.EMAIL, "email of that person (confidential)"),
    Column("isic_section", Kind.SECTION, "ISIC Rev. 4 section, as C"),
    Column("isic_division", Kind.DIVISION, "ISIC Rev. 4 division, as 14"),
    Column("first_product", Kind.TEXT, "main product"),
    Column("second_product", Kind.TEXT, "second product"),
    Column("start_year_in_country", Kind.YEAR, "year in which production in the country began"),
    Column("workers_total", Kind.COUNT, "all workers"),
    Column("workers_female", Kind.COUNT, "women among them"),
    Column("workers_male", Kind.COUNT, "men among them; women and men add up to the total"),
    *(column for n in CUSTOMERS for column in _customer(n)),
    Column("assigned_advisor", Kind.PERSON, "opaque id of the assigned enterprise advisor"),
    Column("latest_cycle", Kind.CYCLE, "number of the latest service cycle"),
    Column("cycle_start", Kind.DATE, "first day of that cycle"),
    Column("creation_date", Kind.DATE, "day the record was created at its source"),
    Column("peer_grouping", Kind.FLAG, "whether it takes part in peer grouping"),
)
NAMES = frozenset(column.name for column in COLUMNS)
GROUPS = ("owner_", "contact_", "workers_", "customer_")
"""Columns with one of these beginnings come all together or not at all: they are one value of the factory."""


@dataclass(frozen=True)
class RawRow:
    """A row as the file has it. `number` counts as a spreadsheet does: the header is row 1.

    `problem` is set for a row that does not fit the header; such a row has no cells.
    """

    number: int
    cells: dict[str, str]
    problem: Problem | None = None


def read_file(content: bytes) -> list[RawRow]:
    """The rows of a factory list. Raises FileRefused, naming the way, for a file that cannot be read as one."""
    records = _records(_text(content))
    header = [name.strip().lower() for name in next(records, (0, []))[1]]
    _check_header(header)
    rows = [_row(number, header, record) for number, record in records if any(cell.strip() for cell in record)]
    if not rows:
        raise FileRefused("FILE_EMPTY", "the file has no row below its header")
    return rows


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileRefused("FILE_TOO_LARGE", f"the file has {len(content)} bytes; {MOST_BYTES} are allowed")
    if not content.strip():
        raise FileRefused("FILE_EMPTY", "the file is empty")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + len(content) - len(error.object)
        raise FileRefused("FILE_NOT_UTF8", f"byte {at + 1} is not UTF-8; save the file as CSV UTF-8") from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            if number > MOST_ROWS + 1:
                raise FileRefused("TOO_MANY_ROWS", f"the file has more than {MOST_ROWS} rows; split it")
            yield number, record
    except csv.Error:
        line = reader.line_num
        raise FileRefused("FILE_MALFORMED", f"line {line} is not CSV; look for an unpaired quotation mark") from None


def _check_header(header: list[str]) -> None:
    if unknown := [n for n, name in enumerate(header, start=1) if name not in NAMES]:
        raise FileRefused("UNKNOWN_COLUMN", f"column {unknown[0]} of the header is not a column of a factory list")
    if repeated := sorted(name for name, times in Counter(header).items() if times > 1):
        raise FileRefused("DUPLICATE_COLUMN", f"the header names {repeated[0]} more than once")
    wanted = {column.name for column in COLUMNS if column.required or _group_begun(column.name, header)}
    if missing := [column.name for column in COLUMNS if column.name in wanted and column.name not in header]:
        raise FileRefused("MISSING_COLUMN", f"the header lacks {', '.join(missing)}")


def _group_begun(name: str, header: list[str]) -> bool:
    return any(name.startswith(group) and any(other.startswith(group) for other in header) for group in GROUPS)


def _row(number: int, header: list[str], record: list[str]) -> RawRow:
    if len(record) != len(header):
        description = f"has {len(record)} cells where the header has {len(header)}"
        return RawRow(number, {}, Problem("row", "ROW_WIDTH", description))
    if long := next((name for name, cell in zip(header, record, strict=True) if len(cell) > LONGEST_CELL), None):
        return RawRow(number, {}, Problem(long, "TEXT_LENGTH", f"give at most {LONGEST_CELL} characters"))
    return RawRow(number, dict(zip(header, record, strict=True)))
