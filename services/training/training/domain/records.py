"""What was written down of somebody, and the rule by which records meet: any order and repetition gives the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_TOLERANCE = timedelta(seconds=30)
"""How far a device's clock may differ from ours before the time of a record is refused."""

MOST_CORRECTIONS = 50
"""Records of one thing; whoever corrects it more often corrects something else."""


@dataclass(frozen=True)
class Record:
    """One thing that was written down once.

    `operation_id` is chosen by the client, `recorded_at` by its device, `entered_at` by this service (both in UTC and
    whole milliseconds), `author` is an opaque id.
    """

    operation_id: str
    value: int
    recorded_at: datetime
    entered_at: datetime
    author: str

    @property
    def place(self) -> tuple[datetime, str]:
        """Of two records of the same thing the one with the greater place holds."""
        return self.recorded_at, self.operation_id

    def same(self, other: "Record") -> bool:
        """Whether both say the same; when they reached us, and by whom the same operation was sent, does not matter."""
        return (self.operation_id, self.value, self.recorded_at) == (
            other.operation_id,
            other.value,
            other.recorded_at,
        )


@dataclass(frozen=True)
class Kept:
    """The record that holds, and those that do not: the latest first."""

    record: Record
    superseded: tuple[Record, ...] = ()

    @property
    def value(self) -> int:
        """What holds."""
        return self.record.value

    def find(self, operation_id: str) -> Record | None:
        """The record that came by this operation."""
        return next((one for one in (self.record, *self.superseded) if one.operation_id == operation_id), None)


def merge(kept: Kept | None, record: Record) -> Kept | None:
    """What is kept after a record has come; None where it was known, so that nothing changes."""
    if kept is None:
        return Kept(record)
    if kept.find(record.operation_id) is not None:
        return None
    ordered = sorted((kept.record, *kept.superseded, record), key=lambda one: one.place, reverse=True)
    return Kept(ordered[0], tuple(ordered[1:]))
