"""The data of a page as JSON: protobuf messages, dataclasses, dates and collections of them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message


def jsonable(value: object) -> object:
    """The value in terms of JSON; raises TypeError for what a page should not hand out."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Message):
        return MessageToDict(value, preserving_proto_field_name=True)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: jsonable(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, Iterable):
        return [jsonable(one) for one in value]
    raise TypeError(f"{type(value).__name__} cannot be shown as JSON")
