"""What every record of somebody must keep to, whatever it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.domain.errors import Problem
from training.domain.records import CLOCK_TOLERANCE, MOST_CORRECTIONS, Kept, Record


@dataclass(frozen=True)
class Stamp:
    """Which operation it is, when it was written down and by whom, and when it reached this service."""

    operation_id: str
    recorded_at: datetime
    entered_at: datetime
    author: str

    def record(self, value: int) -> Record:
        """A record of this operation."""
        return Record(self.operation_id, value, self.recorded_at, self.entered_at, self.author)


def at(index: int, field: str, reason: str, description: str) -> Problem:
    """A problem with a field of the operation at this place."""
    return Problem(f"operations[{index}].{field}", reason, description)


def repeated(stamps: Sequence[Stamp]) -> list[Problem]:
    """Operations of one request have an id each."""
    seen: set[str] = set()
    found = []
    for index, stamp in enumerate(stamps):
        if stamp.operation_id in seen:
            text = "comes twice in this request"
            found.append(at(index, "operation_id", "TRAINING_OPERATION_ID_REUSED", text))
        seen.add(stamp.operation_id)
    return found


def untimely(index: int, stamp: Stamp, earliest: datetime) -> list[Problem]:
    """A record is written down neither before what it tells of nor in the future."""
    if stamp.recorded_at > stamp.entered_at + CLOCK_TOLERANCE:
        return [at(index, "record_time", "RECORD_TIME_INVALID", "is in the future")]
    if stamp.recorded_at < earliest - CLOCK_TOLERANCE:
        return [at(index, "record_time", "RECORD_TIME_INVALID", "is before what it tells of")]
    return []


def contradicting(index: int, kept: Kept | None, record: Record) -> list[Problem]:
    """The same operation says the same each time, and a thing is corrected a sane number of times."""
    if kept is None:
        return []
    before = kept.find(record.operation_id)
    if before is not None:
        if before.same(record):
            return []
        return [at(index, "operation_id", "TRAINING_OPERATION_ID_REUSED", "was used for something else")]
    if len(kept.superseded) + 1 >= MOST_CORRECTIONS:
        text = f"was corrected {MOST_CORRECTIONS} times"
        return [at(index, "day", "ATTENDANCE_CORRECTED_TOO_OFTEN", text)]
    return []
