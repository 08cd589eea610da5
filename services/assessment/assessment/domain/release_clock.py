"""The release clock: a report is due at the end of the 28th local day after the last day on site.

Days are the country's own. A day of a clock change has 23 or 25 hours, and in some zones and years it has no midnight
or two, so every instant is worked out from local calendar days and never by adding hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REMINDER_DAYS = (7, 2)
"""How many days before the due day the team leader is reminded."""

REMINDER_HOUR = time(9)
"""When on those days, in local time: as the office opens."""


@dataclass(frozen=True)
class ReleaseClock:
    """The deadline of one report. `time_zone` is an IANA name, `days` the country's rule in force for the visit."""

    last_on_site_day: date
    time_zone: str
    days: int

    @property
    def due_day(self) -> date:
        """The last local day on which release is in time."""
        return self.last_on_site_day + timedelta(days=self.days)

    @property
    def due_at(self) -> datetime:
        """The last second of the due day, in UTC."""
        return start_of_day(self.due_day + timedelta(days=1), self.time_zone) - timedelta(seconds=1)

    def reminder_at(self, days_left: int) -> datetime:
        """When the reminder that leaves so many days is sent, in UTC."""
        local = datetime.combine(self.due_day - timedelta(days=days_left), REMINDER_HOUR, ZoneInfo(self.time_zone))
        return local.astimezone(UTC)


def release_clock(on_site_days: Iterable[date], time_zone: str, days: int) -> ReleaseClock:
    """The clock that the days on site start. There is at least one such day."""
    return ReleaseClock(max(on_site_days), time_zone, days)


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first instant of the local day, in UTC.

    Where midnight happens twice it is the first of them (fold 0). Where the clock jumps over midnight, fold 0 reads the
    missing time with the offset before the jump, which is the instant of the jump: the first instant of that day.
    """
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def local_day(instant: datetime, time_zone: str) -> date:
    """The calendar day at that instant in the zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
