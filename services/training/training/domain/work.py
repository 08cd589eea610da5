"""Kinds of work that wait for a training officer."""

from enum import StrEnum


class WorkKind(StrEnum):
    """What waits, in the order in which it is shown."""

    SESSION_TO_COMPLETE = "session_to_complete"
    ATTENDANCE_MISSING = "attendance_missing"
    OUTCOMES_DUE = "outcomes_due"
    OUTCOMES_OVERDUE = "outcomes_overdue"
    WAITING_LIST = "waiting_list"
    RECOMMENDATION_OPEN = "recommendation_open"
