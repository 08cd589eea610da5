"""What all occasions have in common: where, when, and times and days as parameters."""

from datetime import date, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.moments import moment

Words = dict[str, Timestamp | Date | datetime | str]


def occasion(fact: Any, message: Message, words: Words | None = None, **more: Any) -> Occasion:
    """The occasion of a fact about a factory: `words` are what a template may say, `more` the occasion's own."""
    return Occasion(
        event=fact.DESCRIPTOR.full_name,
        fact_id=message.event_id,
        happened_at=message.time,
        country=fact.country,
        factory_id=fact.factory_id,
        parameters={name: _said(value) for name, value in (words or {}).items()},
        **more,
    )


def _said(value: Timestamp | Date | datetime | str) -> str:
    if isinstance(value, Timestamp):
        return moment(value).isoformat()
    if isinstance(value, Date):
        return date(value.year, value.month, value.day).isoformat()
    return value if isinstance(value, str) else value.isoformat()
