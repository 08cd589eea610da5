"""Values of protobuf enumerations as short codes: `FACTORY_STATUS_ACTIVE` is `active` in texts and addresses."""

import re
from typing import Any, Protocol

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message


class Enumeration(Protocol):
    """A generated enumeration."""

    @property
    def DESCRIPTOR(self) -> EnumDescriptor: ...


def _prefix(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper() + "_"


def code_of(message: Message, field: str) -> str:
    """The code of a message's enumeration field; `unspecified` where it is not set."""
    kind = message.DESCRIPTOR.fields_by_name[field].enum_type
    if kind is None:
        raise TypeError(f"{field} is not an enumeration")
    return _code(kind, getattr(message, field))


def codes_of(message: Message, field: str) -> list[str]:
    """The codes of a message's repeated enumeration field, in its order."""
    kind = message.DESCRIPTOR.fields_by_name[field].enum_type
    if kind is None:
        raise TypeError(f"{field} is not an enumeration")
    return [_code(kind, value) for value in getattr(message, field)]


def _code(kind: Any, number: int) -> str:
    """The code of a value; `kind` is a descriptor, whichever of protobuf's two classes it has."""
    value = kind.values_by_number.get(number)
    return str(value.name).removeprefix(_prefix(kind.name)).lower() if value else "unspecified"


def codes(kind: Enumeration) -> list[str]:
    """Every code of an enumeration but `unspecified`, in its order."""
    names = [value.name.removeprefix(_prefix(kind.DESCRIPTOR.name)).lower() for value in kind.DESCRIPTOR.values]
    return [name for name in names if name != "unspecified"]


def number(kind: Enumeration, code: str) -> int:
    """The value for a code; 0, the unspecified one, for a code that does not exist."""
    value = kind.DESCRIPTOR.values_by_name.get(_prefix(kind.DESCRIPTOR.name) + code.upper())
    return int(value.number) if value else 0
