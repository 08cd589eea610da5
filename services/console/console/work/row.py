"""One row of my work: what it is, and how much of it is overdue, due or waiting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.visit import Visit


@dataclass(frozen=True)
class Cell:
    """How many, where they are listed, and the moment of the oldest: when it was due, is due, or came to wait."""

    count: int
    path: str
    oldest: datetime | None = None


@dataclass(frozen=True)
class Row:
    """Work of one kind; `kind` is a code with the text `home.kind_<kind>`. What there is none of is None."""

    kind: str
    overdue: Cell | None = None
    due: Cell | None = None
    waiting: Cell | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(cell and cell.count for cell in (self.overdue, self.due, self.waiting))


@dataclass(frozen=True)
class Source:
    """Where work comes from: a name, for whom, and the question."""

    name: str
    roles: frozenset[str]
    rows: Callable[[Visit], list[Row]]
