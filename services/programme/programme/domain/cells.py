"""The cells of a factory list: how a text of each kind is read, and which texts are refused."""

import re
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any

from programme.domain.factory import FactoryStatus
from programme.domain.factory_csv import Kind
from programme.domain.factory_details import Location


class DateFormat(Enum):
    """How the file writes its dates; the sender declares it, since 01/02 reads both ways."""

    ISO = "iso"
    DAY_FIRST = "day-first"


class CellError(Exception):
    """A cell that cannot be read; `reason` is a name of the error-reason catalogue."""

    def __init__(self, reason: str, description: str) -> None:
        super().__init__(description)
        self.reason, self.description = reason, description


_FORMULA = re.compile(r"[ ]*[=+\-@\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_DEGREES = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)(?:\s*[,;]\s*|\s+)(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{4,38}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,24}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_LEGIT = {Kind.PHONE: _PHONE, Kind.GPS: _DEGREES, Kind.COUNT: _NUMBER, Kind.YEAR: _NUMBER, Kind.CYCLE: _NUMBER}
"""Kinds of cells that may begin with a plus or minus sign, and the whole form they must have then."""


def read_cell(kind: Kind, raw: str, dates: DateFormat) -> Any:
    """The value of a cell, None for an empty one. Raises CellError, whose description never repeats the text."""
    text = raw.strip()
    if _CONTROL.search(text):
        raise CellError("CONTROL_CHARACTER", "holds a control character")
    legit = _LEGIT.get(kind)
    if _FORMULA.match(raw) and not (legit and legit.fullmatch(text)):
        raise CellError("FORMULA", "begins like a spreadsheet formula (= + - @, tab or line end)")
    if not text:
        return None
    return _day(text, dates) if kind is Kind.DATE else _PARSERS[kind](text)


def _pattern(pattern: str, description: str, *, upper: bool = False) -> Callable[[str], str]:
    form = re.compile(pattern)

    def parse(text: str) -> str:
        value = text.upper() if upper else text
        if not form.fullmatch(value):
            raise CellError("WRONG_FORM", description)
        return value

    return parse


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise CellError("NOT_A_NUMBER", "write a whole number in digits only, without separators")
    return int(text)


def _flag(text: str) -> bool:
    try:
        return {"yes": True, "no": False}[text.lower()]
    except KeyError:
        raise CellError("NOT_YES_OR_NO", "write yes or no") from None


def _status(text: str) -> FactoryStatus:
    try:
        return FactoryStatus(text.lower())
    except ValueError:
        raise CellError("UNKNOWN_VALUE", "write active, suspended or closed") from None


def _gps(text: str) -> Location:
    match = _DEGREES.fullmatch(text)
    if not match:
        raise CellError("WRONG_FORM", "write latitude and longitude in decimal degrees, as 23.8103 90.4125")
    return Location(float(match[1]), float(match[2]))


def _person(text: str) -> str:
    if not _UUID.fullmatch(text.lower()):
        raise CellError("WRONG_FORM", "write the person's id, a UUID, never a name")
    return text.lower()


def _day(text: str, dates: DateFormat) -> date:
    form, example = (_ISO, "2026-02-01") if dates is DateFormat.ISO else (_DAY_FIRST, "01/02/2026, day first")
    match = form.fullmatch(text)
    if not match:
        raise CellError("NOT_A_DATE", f"write the date as {example}, with a year of four digits")
    first, month, last = (int(part) for part in match.groups())
    try:
        return date(first, month, last) if dates is DateFormat.ISO else date(last, month, first)
    except ValueError:
        raise CellError("NOT_A_DATE", "there is no such day") from None


_PARSERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.COUNTRY: _pattern(r"[A-Z]{2}", "write the country as two letters, as BD", upper=True),
    Kind.EXPORT_ID: _pattern(r"[0-9A-Za-z]{1,20}", "letters and digits, up to 20"),
    Kind.EARLIER_ID: _pattern(r"[0-9A-Za-z][0-9A-Za-z/.-]{0,39}", "letters, digits and - / . up to 40"),
    Kind.STATUS: _status,
    Kind.REASON: str.lower,
    Kind.GPS: _gps,
    Kind.PHONE: _pattern(_PHONE.pattern, "a telephone number, as +880 2 5550 1001"),
    Kind.EMAIL: _pattern(_EMAIL.pattern, "an email address, as name@example.org"),
    Kind.SECTION: _pattern(r"[A-U]", "one letter from A to U", upper=True),
    Kind.DIVISION: _pattern(r"[0-9]{2}", "two digits, as 14"),
    Kind.YEAR: _number,
    Kind.COUNT: _number,
    Kind.CYCLE: _number,
    Kind.FLAG: _flag,
    Kind.PERSON: _person,
}
