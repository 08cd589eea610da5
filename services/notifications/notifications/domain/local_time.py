"""When a person's own clock shows a time, also on the days on which that clock is moved."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def moment(day: date, wall: time, zone: str) -> datetime:
    """The moment, in UTC, at which a clock in `zone` comes to `wall` on `day`.

    A time that the day has twice is its first; one that the day skips is the moment of the skip.
    """
    there = ZoneInfo(zone)
    local = datetime.combine(day, wall, there)
    at = local.astimezone(UTC)
    if at.astimezone(there).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    after = at.astimezone(there).utcoffset()
    while (at - MINUTE).astimezone(there).utcoffset() == after:
        at -= MINUTE
    return at


def next_moment(after: datetime, wall: time, zone: str, *, weekday: int = 0) -> datetime:
    """The first moment after `after` at which a clock in `zone` comes to `wall`, in UTC.

    `weekday` is a day of the week, 1 for Monday to 7 for Sunday; 0 takes any day.
    """
    today = after.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=number) for number in range(15))
    wanted = (day for day in days if weekday in (0, day.isoweekday()))
    return next(at for at in (moment(day, wall, zone) for day in wanted) if at > after)
