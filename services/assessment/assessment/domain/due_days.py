"""Due days: a calendar day of the country, whose last second is the last at which something is in time."""

from datetime import UTC, date, datetime, timedelta

from assessment.domain.release_clock import start_of_day

FURTHEST_DAYS_AHEAD = 732
"""A day chosen more than two years ahead is a slip of the keyboard."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The due time of what has none: lists that begin with what is due first end with it."""

_SECOND = timedelta(seconds=1)


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last second of the day, in UTC."""
    return start_of_day(day + timedelta(days=1), time_zone) - _SECOND


def latest_passed(now: datetime) -> datetime:
    """The latest due time that has passed by now: its whole last second is over."""
    return now - _SECOND


def has_passed(due_at: datetime, now: datetime) -> bool:
    """Whether the due day is over."""
    return due_at <= latest_passed(now)
