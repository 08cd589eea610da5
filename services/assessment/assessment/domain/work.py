"""What waits for somebody in remediation, by kind and by what it waits for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WorkKind(StrEnum):
    """A kind of work."""

    IMPROVEMENT_LINE = "improvement_line"
    PROGRESS_REPORT = "progress_report"
    ADVISORY_VISIT = "advisory_visit"


class WorkStatus(StrEnum):
    """What work waits for: a plan, its due day (which has come or not), or another person's verification."""

    UNPLANNED = "unplanned"
    DUE = "due"
    OVERDUE = "overdue"
    WAITING = "waiting"


@dataclass(frozen=True)
class Work:
    """How much of one kind waits for the same thing, and since when the oldest does (or is due)."""

    kind: WorkKind
    status: WorkStatus
    count: int
    oldest: datetime
