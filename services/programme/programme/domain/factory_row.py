"""One row of a factory list: cells become values of a factory, or problems that name the column and the reason."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from programme.domain.cells import CellError, DateFormat, read_cell
from programme.domain.errors import FactoryWrongState, InvalidFields, Problem
from programme.domain.factory import CloseReason, Factory, FactoryStatus, SuspendReason, factory_id
from programme.domain.factory_csv import COLUMNS, CUSTOMERS, Column
from programme.domain.factory_details import Contact, Customer, FactoryDetails, Owner, Workers
from programme.domain.factory_import import Outcome, RowResult


@dataclass(frozen=True)
class FactoryRow:
    """A row that can be applied: `values` holds only the details whose columns the file has."""

    country: str
    factory_id: str
    status: FactoryStatus
    reason: SuspendReason | CloseReason | None
    values: Mapping[str, Any]

    def apply(self, factory: Factory | None, now: datetime) -> tuple[Factory | None, RowResult]:
        """Bring the factory (None: not known yet) to what the row says.

        Returns the factory to save, None where nothing changed or the row was refused, and the row's result. A
        refused row leaves no trace: what a half-applied row changed is not saved.
        """
        try:
            if factory is None:
                factory = Factory.enrol(self.factory_id, self.country, FactoryDetails(**self.values), now)
                self._bring_status(factory, now)
                return factory, RowResult(Outcome.CREATED, factory.id)
            factory.update(self.values, now)
            self._bring_status(factory, now)
        except InvalidFields as error:
            problems = tuple(Problem(column_of(p.field), p.reason, p.description) for p in error.problems)
            return None, RowResult(Outcome.REJECTED, self.factory_id, problems)
        except FactoryWrongState as error:
            problem = Problem("status", error.reason, error.description)
            return None, RowResult(Outcome.REJECTED, self.factory_id, (problem,))
        if not factory.recorded:
            return None, RowResult(Outcome.UNCHANGED, factory.id)
        return factory, RowResult(Outcome.UPDATED, factory.id)

    def _bring_status(self, factory: Factory, now: datetime) -> None:
        code = self.reason.value if self.reason else ""
        if (factory.status, factory.reason_code) == (self.status, code):
            return
        if factory.status is FactoryStatus.SUSPENDED and self.status is not FactoryStatus.CLOSED:
            factory.reinstate(now)
        if isinstance(self.reason, SuspendReason):
            factory.suspend(self.reason, now)
        elif isinstance(self.reason, CloseReason):
            factory.close(self.reason, now)
        elif factory.status is FactoryStatus.CLOSED:
            raise FactoryWrongState("The factory is closed for good; enrol it anew under another id.")


@dataclass
class _Reading:
    cells: Mapping[str, str]
    dates: DateFormat
    problems: list[Problem] = field(default_factory=list)

    def value(self, column: Column) -> Any:
        try:
            value = read_cell(column.kind, self.cells[column.name], self.dates)
            if value is None and column.filled:
                raise CellError("REQUIRED", "must not be empty")
        except CellError as error:
            self.refuse(column.name, error.reason, error.description)
            return None
        return value

    def refuse(self, column: str, reason: str, description: str) -> None:
        self.problems.append(Problem(column, reason, description))


def read_row(
    cells: Mapping[str, str], dates: DateFormat, countries: Collection[str], now: datetime
) -> FactoryRow | tuple[Problem, ...]:
    """Read a row's cells (column name -> text). `countries` are those the sender may import into.

    Returns every problem of the row at once, so that it can be mended in one go. Never raises.
    """
    reading = _Reading(cells, dates)
    read = {column.name: reading.value(column) for column in COLUMNS if column.name in cells}
    if read["country"] is not None and read["country"] not in countries:
        reading.refuse("country", "COUNTRY_NOT_YOURS", "is not one of your countries")
    reason = _reason(reading, read["status"], read.get("obsoletion_reason"))
    values = _values(reading, read)
    if not reading.problems:
        reading.problems += [
            Problem(column_of(p.field), p.reason, p.description) for p in FactoryDetails(**values).problems(now)
        ]
    if reading.problems:
        return tuple(reading.problems)
    return FactoryRow(read["country"], factory_id(read["country"], read["id"]), read["status"], reason, values)


def column_of(detail: str) -> str:
    """The column that a problem with a detail of the domain belongs to: `workers.total` -> `workers_total`."""
    if match := re.fullmatch(r"customers\[(\d)\]\.(\w+)", detail):
        return f"customer_{int(match[1]) + 1}_{match[2]}"
    return "gps" if detail.startswith("location.") else detail.replace(".", "_")


_REASONS: dict[FactoryStatus, type[SuspendReason] | type[CloseReason]] = {
    FactoryStatus.SUSPENDED: SuspendReason,
    FactoryStatus.CLOSED: CloseReason,
}


def _reason(reading: _Reading, status: FactoryStatus | None, code: str | None) -> SuspendReason | CloseReason | None:
    if status is None or any(problem.field == "obsoletion_reason" for problem in reading.problems):
        return None
    if status is FactoryStatus.ACTIVE:
        if code:
            reading.refuse("obsoletion_reason", "REASON_NOT_EXPECTED", "leave it empty for an active factory")
        return None
    kind = _REASONS[status]
    try:
        return kind(code)
    except ValueError:
        known = ", ".join(reason.value for reason in kind)
        reading.refuse("obsoletion_reason", "UNKNOWN_VALUE", f"write one of {known} for a {status.value} factory")
        return None


_PLAIN = {
    "name": "", "original_id": "", "address": "", "isic_section": "", "isic_division": "", "first_product": "",
    "second_product": "", "start_year_in_country": None, "assigned_advisor": "", "latest_cycle": None,
    "cycle_start": None, "creation_date": None, "peer_grouping": False,
}  # fmt: skip
"""Details that are one column each, with what an empty cell means."""


def _values(reading: _Reading, read: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: empty if read[name] is None else read[name] for name, empty in _PLAIN.items() if name in read}
    if "gps" in read:
        values["location"] = read["gps"]
    if "owner_legal_entity" in read:
        values["owner"] = Owner(read["owner_legal_entity"] or "", read["owner_address"] or "")
    if "contact_name" in read:
        values["contact"] = Contact(*(read[f"contact_{part}"] or "" for part in ("name", "position", "phone", "email")))
    if "workers_total" in read:
        values["workers"] = Workers(*(read[f"workers_{sex}"] for sex in ("total", "female", "male")))
    if "customer_1_name" in read:
        values["customers"] = tuple(filter(None, (_customer(reading, read, n) for n in CUSTOMERS)))
    return values


def _customer(reading: _Reading, read: Mapping[str, Any], n: int) -> Customer | None:
    name, years, *flags = (
        read[f"customer_{n}_{part}"]
        for part in ("name", "years_of_business", "preferred_supplier", "contractor", "subcontractor")
    )
    if name is None:
        if years is not None or any(flags):
            reading.refuse(f"customer_{n}_name", "REQUIRED", "name the customer, or leave its other columns empty")
        return None
    return Customer(name, years, *(bool(flag) for flag in flags))
