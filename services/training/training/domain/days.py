"""Calendar days of a country: worked out from its time zone, never by adding hours."""

from calendar import monthrange
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from training.domain.errors import InvalidDays

FARTHEST = timedelta(days=730)
"""How far ahead a session is scheduled at most."""

MOST_DAYS = 60

REMINDER_HOUR = time(9)
"""When on a day something is said to be due, in local time: as the office opens."""


def local_day(instant: datetime, time_zone: str) -> date:
    """The calendar day at that instant in the zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first instant of the local day, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def office_opens(day: date, time_zone: str) -> datetime:
    """Nine in the morning of that local day, in UTC."""
    return datetime.combine(day, REMINDER_HOUR, ZoneInfo(time_zone)).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; the last one of a month that is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def check_days(days: tuple[date, ...], today: date, settled: Collection[date] = ()) -> None:
    """Raises InvalidDays where a session cannot be held on these days; `settled` ones may lie in the past."""
    if not 1 <= len(days) <= MOST_DAYS:
        raise InvalidDays(f"a session has 1 to {MOST_DAYS} days", "days")
    for index, day in enumerate(days):
        field = f"days[{index}]"
        if index and day <= days[index - 1]:
            raise InvalidDays("the days of a session come in order, each once", field)
        if day < today and day not in settled:
            raise InvalidDays(f"{day} is in the past; today is {today} there", field)
        if day > today + FARTHEST:
            raise InvalidDays(f"{day} is more than two years ahead", field)
