"""Days and times as the contract writes them."""

from datetime import date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date


def contract_date(day: date) -> Date:
    """A calendar day."""
    return Date(year=day.year, month=day.month, day=day.day)


def contract_day(day: date | None) -> Date | None:
    """A calendar day, or none."""
    return None if day is None else contract_date(day)


def contract_time(at: datetime | None) -> Timestamp | None:
    """A point in time, or none."""
    if at is None:
        return None
    time = Timestamp()
    time.FromDatetime(at)
    return time
