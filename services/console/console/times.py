"""Moments and days for people: in the zone of the place they concern, with UTC at hand."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_location
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from markupsafe import Markup

from console.texts import Language


def moment(value: Timestamp | datetime) -> datetime:
    """A moment as an aware datetime in UTC."""
    return value if isinstance(value, datetime) else value.ToDatetime(tzinfo=UTC)


@cache
def place(zone: str, spoken: Language) -> str:
    """The city of an IANA zone in the reader's language, such as `Phnom Penh`; `UTC` stays itself."""
    return zone if zone == "UTC" else get_timezone_location(zone, locale=spoken.locale, return_city=True)


def when(value: Timestamp | datetime, zone: str, spoken: Language) -> Markup:
    """A `<time>` element: local time and place to read, UTC on hover."""
    at = moment(value)
    local = at.astimezone(ZoneInfo(zone))
    return Markup('<time datetime="{}" title="{} UTC">{} <small class="text-secondary">{}</small></time>').format(
        at.isoformat(timespec="seconds"),
        f"{at:%Y-%m-%d %H:%M:%S}",
        format_datetime(local, "d MMM y, HH:mm", locale=spoken.locale),
        place(zone, spoken),
    )


def calendar_day(value: Date) -> date:
    """A day of a message as Python knows it."""
    return date(value.year, value.month, value.day)


def day_message(value: date) -> Date:
    """A day as a message carries it."""
    return Date(year=value.year, month=value.month, day=value.day)


def start_of(value: date, zone: str) -> Timestamp:
    """The first moment of a calendar day of a place."""
    return end_of(value - timedelta(days=1), zone)


def day_start(value: date | Date, zone: str) -> datetime:
    """The first moment of a calendar day of a place."""
    return datetime.combine(value if isinstance(value, date) else calendar_day(value), time(), ZoneInfo(zone))


def chosen_day(text: str) -> date | None:
    """A day as a date field sends it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def end_of(value: date, zone: str) -> Timestamp:
    """The first moment after a calendar day of a place."""
    after = Timestamp()
    after.FromDatetime(day_start(value + timedelta(days=1), zone))
    return after


def last_day(end: Timestamp, zone: str) -> date:
    """The last calendar day of a place before something ends."""
    return (moment(end).astimezone(ZoneInfo(zone)) - timedelta(seconds=1)).date()


def day(value: date | Date, spoken: Language) -> Markup:
    """A `<time>` element for a calendar day, which belongs to no zone."""
    value = calendar_day(value) if isinstance(value, Date) else value
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(), format_date(value, "d MMM y", locale=spoken.locale)
    )


def age(value: Timestamp | datetime, now: datetime, zone: str, spoken: Language, today: str) -> Markup:
    """A `<time>` element: how long ago or in how long, as `12 days ago`; the moment on hover.

    `today` is what is said of a moment of the same calendar day of the place.
    """
    at = moment(value).astimezone(ZoneInfo(zone))
    days = (at.date() - now.astimezone(ZoneInfo(zone)).date()).days
    words = format_timedelta(timedelta(days=days), add_direction=True, threshold=1.5, locale=spoken.locale)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(timespec="seconds"),
        format_datetime(at, "d MMM y, HH:mm", locale=spoken.locale),
        words if days else today,
    )
