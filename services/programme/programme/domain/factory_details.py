"""What is known of a factory: the fields of the factory export, and the rules that hold between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from programme.domain.errors import Problem

LONGEST_TEXT = 200
LONGEST_ADDRESS = 500
MOST_WORKERS = 200_000
MOST_YEARS_OF_BUSINESS = 100
FIRST_YEAR = 1900
FIRST_DATE = date(1990, 1, 1)
"""Older dates are taken for slips in the century: no programme of this kind is older."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SECTION = re.compile(r"[A-U]?")
_DIVISION = re.compile(r"(?:[0-9]{2})?")


@dataclass(frozen=True)
class Location:
    """A point in decimal degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Owner:
    """The legal entity behind a factory."""

    legal_entity: str = ""
    address: str = ""


@dataclass(frozen=True)
class Contact:
    """The person to ask for: confidential, in no fact."""

    name: str = ""
    position: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Workers:
    """Head counts. Women and men are known together or not at all, and add up to the total."""

    total: int | None = None
    female: int | None = None
    male: int | None = None


@dataclass(frozen=True)
class Customer:
    """A company the factory produces for, as the factory names it."""

    name: str
    years_of_business: int | None = None
    preferred_supplier: bool = False
    contractor: bool = False
    subcontractor: bool = False


@dataclass(frozen=True)
class FactoryDetails:
    """Everything a country office keeps of a factory besides its id, country and status."""

    name: str
    original_id: str = ""
    address: str = ""
    location: Location | None = None
    owner: Owner = Owner()
    contact: Contact = Contact()
    isic_section: str = ""
    isic_division: str = ""
    first_product: str = ""
    second_product: str = ""
    start_year_in_country: int | None = None
    workers: Workers = Workers()
    customers: tuple[Customer, ...] = ()
    assigned_advisor: str = ""
    latest_cycle: int | None = None
    cycle_start: date | None = None
    creation_date: date | None = None
    peer_grouping: bool = False

    def problems(self, now: datetime) -> tuple[Problem, ...]:
        """Each field that cannot be so; none for sound details."""
        return (*self._text_problems(), *self._number_problems(now), *self._date_problems(now))

    def _text_problems(self) -> Iterator[Problem]:
        if not self.name.strip():
            yield Problem("name", "REQUIRED", "give the name of the factory")
        for n, customer in enumerate(self.customers):
            if not customer.name.strip():
                yield Problem(f"customers[{n}].name", "REQUIRED", "name the customer, or leave it out")
        for field, text in self._texts():
            most = LONGEST_ADDRESS if field.endswith("address") else LONGEST_TEXT
            if len(text) > most:
                yield Problem(field, "TEXT_LENGTH", f"give at most {most} characters")
            if _CONTROL.search(text):
                yield Problem(field, "CONTROL_CHARACTER", "holds a control character")
        if not _SECTION.fullmatch(self.isic_section):
            yield Problem("isic_section", "WRONG_FORM", "one letter from A to U")
        if not _DIVISION.fullmatch(self.isic_division):
            yield Problem("isic_division", "WRONG_FORM", "two digits, as 14")

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name in ("name", "original_id", "address", "first_product", "second_product"):
            yield name, getattr(self, name)
        for name in ("legal_entity", "address"):
            yield f"owner.{name}", getattr(self.owner, name)
        for name in ("name", "position", "phone", "email"):
            yield f"contact.{name}", getattr(self.contact, name)
        for n, customer in enumerate(self.customers):
            yield f"customers[{n}].name", customer.name

    def _number_problems(self, now: datetime) -> Iterator[Problem]:
        yield from worker_problems(self.workers)
        if (year := self.start_year_in_country) is not None and not FIRST_YEAR <= year <= now.year:
            yield Problem("start_year_in_country", "OUT_OF_RANGE", f"a year from {FIRST_YEAR} to {now.year}")
        if self.latest_cycle is not None and not 1 <= self.latest_cycle <= 100:
            yield Problem("latest_cycle", "OUT_OF_RANGE", "a number from 1 to 100")
        if self.location is not None:
            if not -90 <= self.location.latitude <= 90:
                yield Problem("location.latitude", "OUT_OF_RANGE", "degrees from -90 to 90")
            if not -180 <= self.location.longitude <= 180:
                yield Problem("location.longitude", "OUT_OF_RANGE", "degrees from -180 to 180")
        for n, customer in enumerate(self.customers):
            years = customer.years_of_business
            if years is not None and not 0 <= years <= MOST_YEARS_OF_BUSINESS:
                yield Problem(f"customers[{n}].years_of_business", "OUT_OF_RANGE", "a number from 0 to 100")

    def _date_problems(self, now: datetime) -> Iterator[Problem]:
        latest = {"cycle_start": now.date() + timedelta(days=366), "creation_date": now.date() + timedelta(days=1)}
        for field, last in latest.items():
            day: date | None = getattr(self, field)
            if day is not None and not FIRST_DATE <= day <= last:
                yield Problem(field, "DATE_OUT_OF_RANGE", f"a day from {FIRST_DATE} to {last}; is the century right?")


def worker_problems(workers: Workers) -> Iterator[Problem]:
    """Where head counts contradict each other."""
    counts = {"total": workers.total, "female": workers.female, "male": workers.male}
    for sex, count in counts.items():
        if count is not None and not 0 <= count <= MOST_WORKERS:
            yield Problem(f"workers.{sex}", "OUT_OF_RANGE", f"a number from 0 to {MOST_WORKERS}")
    if (workers.female is None) != (workers.male is None):
        missing = "female" if workers.female is None else "male"
        yield Problem(f"workers.{missing}", "REQUIRED", "give women and men together, or neither")
    elif workers.female is not None and workers.male is not None and workers.female + workers.male != workers.total:
        yield Problem("workers.total", "WORKERS_DO_NOT_ADD_UP", "women and men must add up to the total")
