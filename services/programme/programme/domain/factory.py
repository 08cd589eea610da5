"""A factory in its country programme: enrolled, kept up to date, suspended, reinstated, closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from typing import Any

from programme.domain.errors import FactoryWrongState, InvalidFields, Problem
from programme.domain.factory_details import FactoryDetails
from programme.domain.facts import (
    FactoryClosed,
    FactoryEnrolled,
    FactoryReinstated,
    FactorySuspended,
    FactoryUpdated,
)


class FactoryStatus(Enum):
    """Whether a factory takes part."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class SuspendReason(Enum):
    """Why a factory takes no part for a while."""

    NO_ACCESS = "no_access"
    UNPAID_FEES = "unpaid_fees"
    STRIKE = "strike"
    TEMPORARY_STOP = "temporary_stop"
    OTHER = "other"


class CloseReason(Enum):
    """Why a factory left for good: the export calls it the obsoletion reason."""

    CEASED_OPERATIONS = "ceased_operations"
    RELOCATED = "relocated"
    MERGED = "merged"
    LEFT_PROGRAMME = "left_programme"
    DUPLICATE_RECORD = "duplicate_record"
    OTHER = "other"


DETAIL_FIELDS = frozenset(item.name for item in fields(FactoryDetails))


def factory_id(country: str, export_id: str) -> str:
    """The id of a factory from its country code and its number there: `bd-1001`."""
    return f"{country}-{export_id}".lower()


def search_form(text: str) -> str:
    """A text as it is searched: without regard to case and repeated spaces."""
    return " ".join(text.casefold().split())


@dataclass
class Factory:
    """One factory. `reason_code` says why it is suspended or closed and is empty while it is active.

    Lists sort by `sort_name`, and find a factory by what one of its `search_terms` begins with.
    """

    id: str
    country: str
    details: FactoryDetails
    status: FactoryStatus
    reason_code: str
    enrolled_at: datetime
    updated_at: datetime
    sort_name: str = ""
    search_terms: tuple[str, ...] = ()
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def enrol(cls, id: str, country: str, details: FactoryDetails, now: datetime) -> "Factory":
        """Take a factory into its country programme. Raises InvalidFields, and for an id of another country."""
        problems = list(details.problems(now))
        if not id.startswith(f"{country.lower()}-"):
            problems.append(Problem("country", "COUNTRY_MISMATCH", "the id begins with another country"))
        if problems:
            raise InvalidFields(problems)
        factory = cls(id, country, details, FactoryStatus.ACTIVE, "", now, now)
        factory._index()
        factory._record(FactoryEnrolled(id, now), now)
        return factory

    def update(self, values: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
        """Set details by field name; records, and returns sorted, only those that differ.

        Raises InvalidFields for details that cannot be so and KeyError for a name that is not a detail. A closed
        factory may be corrected, since its record stays.
        """
        if unknown := values.keys() - DETAIL_FIELDS:
            raise KeyError(sorted(unknown))
        changed = tuple(sorted(name for name, value in values.items() if getattr(self.details, name) != value))
        if not changed:
            return ()
        details = replace(self.details, **{name: values[name] for name in changed})
        if problems := details.problems(now):
            raise InvalidFields(problems)
        self.details = details
        self._index()
        self._record(FactoryUpdated(self.id, changed, now), now)
        return changed

    def suspend(self, reason: SuspendReason, now: datetime) -> None:
        """Stop taking part for a while. Raises FactoryWrongState unless active."""
        self._require(FactoryStatus.ACTIVE)
        self.status, self.reason_code = FactoryStatus.SUSPENDED, reason.value
        self._record(FactorySuspended(self.id, reason.value, now), now)

    def reinstate(self, now: datetime) -> None:
        """Take part again. Raises FactoryWrongState unless suspended."""
        self._require(FactoryStatus.SUSPENDED)
        self.status, self.reason_code = FactoryStatus.ACTIVE, ""
        self._record(FactoryReinstated(self.id, now), now)

    def close(self, reason: CloseReason, now: datetime) -> None:
        """Leave for good. Raises FactoryWrongState when closed already."""
        self._require(FactoryStatus.ACTIVE, FactoryStatus.SUSPENDED)
        self.status, self.reason_code = FactoryStatus.CLOSED, reason.value
        self._record(FactoryClosed(self.id, reason.value, now), now)

    def _index(self) -> None:
        self.sort_name = search_form(self.details.name)
        words = self.sort_name.split(" ")
        beginnings = (" ".join(words[place:]) for place in range(len(words)))
        self.search_terms = tuple(dict.fromkeys((self.id, self.id.partition("-")[2], *beginnings)))

    def _require(self, *allowed: FactoryStatus) -> None:
        if self.status not in allowed:
            wanted = " or ".join(status.value for status in allowed)
            raise FactoryWrongState(f"The factory is {self.status.value}; this needs one that is {wanted}.", "name")

    def _record(self, fact: object, now: datetime) -> None:
        self.updated_at = now
        self.recorded.append(fact)
