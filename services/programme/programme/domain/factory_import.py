"""The import of one factory list: accepted as a whole, worked row by row, complete when each row has its outcome."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

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
    """One import; `created_by` is the opaque person who sent the file, `rows` what it held without the header."""

    id: str
    created_by: str
    rows: int
    state: ImportState
    started_at: datetime
    completed_at: datetime | None = None
    counts: Counts = field(default_factory=Counts)
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def start(cls, id: str, created_by: str, rows: int, now: datetime) -> "FactoryImport":
        """Accept a file of so many rows."""
        return cls(id, created_by, rows, ImportState.RUNNING, now, recorded=[FactoryImportStarted(id, rows, now)])

    def complete(self, counts: Counts, now: datetime) -> bool:
        """Close the import once every row has an outcome; says whether it did. Doing so again changes nothing."""
        if self.state is ImportState.COMPLETED or counts.done < self.rows:
            return False
        self.state, self.counts, self.completed_at = ImportState.COMPLETED, counts, now
        self.recorded.append(
            FactoryImportCompleted(self.id, counts.created, counts.updated, counts.unchanged, counts.rejected, now)
        )
        return True
