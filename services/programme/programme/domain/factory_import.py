"""The import of one factory list: accepted as a whole, worked row by row, complete when each row has its outcome."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from programme.domain.cells import DateFormat
from programme.domain.errors import Problem
from programme.domain.facts import FactoryImportCompleted, FactoryImportStarted


class ImportState(Enum):
    """How far an import is."""

    RUNNING = "running"
    COMPLETED = "completed"


class Outcome(Enum):
    """What became of one row."""

    PENDING = "pending"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class RowResult:
    """The outcome of a row; a rejected one names each wrong field."""

    outcome: Outcome
    factory_id: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Counts:
    """How many rows have which outcome."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def done(self) -> int:
        """Rows that have an outcome."""
        return self.created + self.updated + self.unchanged + self.rejected


@dataclass
class FactoryImport:
    """One import; `created_by` is the opaque person who sent the file, `rows` what it held without the header.

    `countries` are those the sender could import into at that time, `dates` how the file writes them.
    """

    id: str
    created_by: str
    countries: tuple[str, ...]
    dates: DateFormat
    rows: int
    state: ImportState
    started_at: datetime
    completed_at: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def start(
        cls, id: str, created_by: str, countries: tuple[str, ...], dates: DateFormat, rows: int, now: datetime
    ) -> "FactoryImport":
        """Accept a file of so many rows."""
        fact = FactoryImportStarted(id, rows, now)
        return cls(id, created_by, countries, dates, rows, ImportState.RUNNING, now, recorded=[fact])

    def complete(self, counts: Counts, now: datetime) -> bool:
        """Close the import once every row has an outcome; says whether it did. Doing so again changes nothing."""
        if self.state is ImportState.COMPLETED or counts.done < self.rows:
            return False
        self.state, self.counts, self.completed_at = ImportState.COMPLETED, counts, now
        self.recorded.append(
            FactoryImportCompleted(self.id, counts.created, counts.updated, counts.unchanged, counts.rejected, now)
        )
        return True
