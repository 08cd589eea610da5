"""What a service says of a consumer: its streams, and what it does at which fact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from google.protobuf import symbol_database
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as Proto

from chassis.envelope import Envelope
from chassis.outcomes import Undecodable
from chassis.view import View

FactT = TypeVar("FactT", bound=Proto)
Handler = Callable[[Any, "Message"], None]
"""`handler(fact, message)` runs in a unit of work; what it raises parks the aggregate, NotYet included."""


@dataclass(frozen=True)
class Message:
    """One fact as it came: its envelope, where it lay, and its value."""

    stream: str
    partition: int
    offset: int
    envelope: Envelope
    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    @property
    def key(self) -> str:
        """The aggregate's id."""
        return self.envelope.key

    @property
    def event_id(self) -> str:
        """The fact's id, the same at each delivery."""
        return self.envelope.event_id

    @property
    def sequence(self) -> int:
        """The fact's place among its aggregate's facts in this stream."""
        return self.envelope.sequence

    @property
    def time(self) -> datetime:
        """When the fact was recorded."""
        return self.envelope.time


@dataclass(frozen=True)
class Consumer:
    """A reader of streams, from their beginning.

    `projections` keep declared state and run for every fact. `policies` issue commands and messages and run only for
    facts after the consumer's first start (`live_from`), so that one added later sends nothing for the past. A
    consumer of a `view` has no policies: it is rebuilt at will.
    """

    name: str
    streams: Sequence[str]
    projections: Mapping[type[Proto], Handler] = field(default_factory=dict)
    policies: Mapping[type[Proto], Handler] = field(default_factory=dict)
    view: View | None = None

    def __post_init__(self) -> None:
        if self.view is not None and self.policies:
            raise TypeError(f"consumer {self.name} has a view, so it cannot have policies")

    def handlers(self, type_name: str, *, live: bool) -> list[Handler]:
        """What to run for a fact of this full name, projections first."""
        tables = (self.projections, self.policies) if live else (self.projections,)
        return [run for table in tables for kind, run in table.items() if kind.DESCRIPTOR.full_name == type_name]


def decode(message: Message) -> Proto:
    """The fact in a message. Raises Undecodable."""
    try:
        kind = symbol_database.Default().GetSymbol(message.envelope.type)
        fact: Proto = kind.FromString(message.value)
    except (KeyError, DecodeError) as error:
        raise Undecodable(type(error).__name__) from None
    return fact
