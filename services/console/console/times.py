"""Moments and days for people: in the zone of the place they concern, with UTC at hand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from google.protobuf.timestamp_pb2 import Timestamp
from markupsafe import Markup

from console.texts import Language


def moment(value: Timestamp | datetime) -> datetime:
    """A moment as an aware datetime in UTC."""
    return value if isinstance(value, datetime) else value.ToDatetime(tzinfo=UTC)


def place(zone: str) -> str:
    """The city of an IANA zone, such as `Phnom Penh`; `UTC` stays itself."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def when(value: Timestamp | datetime, zone: str, spoken: Language) -> Markup:
    """A `<time>` element: local time and place to read, UTC on hover."""
    at = moment(value)
    local = at.astimezone(ZoneInfo(zone))
    return Markup('<time datetime="{}" title="{} UTC">{} <small class="text-secondary">{}</small></time>').format(
        at.isoformat(timespec="seconds"),
        f"{at:%Y-%m-%d %H:%M:%S}",
        format_datetime(local, "d MMM y, HH:mm", locale=spoken.locale),
        place(zone),
    )


def day(value: date, spoken: Language) -> Markup:
    """A `<time>` element for a calendar day, which belongs to no zone."""
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(), format_date(value, "d MMM y", locale=spoken.locale)
    )
