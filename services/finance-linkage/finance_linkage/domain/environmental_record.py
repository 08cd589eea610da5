"""The environmental record of a factory and year; a correction is a new revision, and none is lost."""

from dataclasses import dataclass, field
from datetime import datetime

from finance_linkage.domain.errors import TooManyRevisions, YearInvalid
from finance_linkage.domain.facts import EnvironmentalRecordSubmitted
from finance_linkage.domain.figures import Figures, Verification

EARLIEST_YEAR = 2000
MOST_REVISIONS = 50
"""A record corrected more often is not a record; its revisions stay in one document."""


@dataclass(frozen=True)
class Revision:
    """What was said, by whom (opaque id) and when."""

    number: int
    figures: Figures
    verification: Verification
    at: datetime
    by: str


@dataclass
class EnvironmentalRecord:
    """One record; `id` is `{factory}.{year}`. `current` is the last of the revisions, `earlier` are those before."""

    id: str
    factory_id: str
    country: str
    year: int
    current: Revision
    earlier: list[Revision] = field(default_factory=list)
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def submit(
        cls,
        factory_id: str,
        country: str,
        year: int,
        figures: Figures,
        verification: Verification,
        by: str,
        now: datetime,
    ) -> "EnvironmentalRecord":
        """The first submission for a year that has ended. Raises YearInvalid, UnitMismatch or FiguresInvalid."""
        if not EARLIEST_YEAR <= year < now.year:
            raise YearInvalid(f"a record is of a year from {EARLIEST_YEAR} to {now.year - 1}", "name")
        figures.check()
        first = Revision(1, figures.in_order(), verification, now, by)
        record = cls(record_id(factory_id, year), factory_id, country, year, first)
        record._record()
        return record

    def correct(self, figures: Figures, verification: Verification, by: str, now: datetime) -> None:
        """A new revision; what says the same changes nothing. Raises what `submit` raises, or TooManyRevisions."""
        figures.check()
        same = (self.current.figures, self.current.verification) == (figures.in_order(), verification)
        if same:
            return
        if self.current.number >= MOST_REVISIONS:
            raise TooManyRevisions(f"the record was corrected {MOST_REVISIONS} times")
        self.earlier.append(self.current)
        self.current = Revision(self.current.number + 1, figures.in_order(), verification, now, by)
        self._record()

    def _record(self) -> None:
        now = self.current
        self.recorded.append(
            EnvironmentalRecordSubmitted(
                self.id, self.factory_id, self.country, self.year, now.number, now.figures, now.verification, now.at
            )
        )


def record_id(factory_id: str, year: int) -> str:
    """The id of the record of a factory and year."""
    return f"{factory_id}.{year}"
