"""Facts are the record: every recorded change becomes a row, and public ones get a place in a stream's sequence."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from enum import Enum
from types import ModuleType
from typing import Any, Final

from bson import Binary
from google.protobuf.message import Message as Proto

from chassis import cause, clock, telemetry
from chassis.envelope import Envelope, encode
from chassis.ids import new_id
from chassis.registry import LARGEST_FACT, stream
from chassis.unit_of_work import current

Translate = Callable[[Any, Any], Proto]
Extensions = Callable[[Any, Any], Mapping[str, str]]


@dataclass(frozen=True)
class Public:
    """A route to a stream: `translate(fact, aggregate)` makes the contract's message, `extensions` extra headers."""

    stream: str
    translate: Translate
    extensions: Extensions | None = None


@dataclass(frozen=True)
class Depends:
    """A route that depends on the aggregate's state: the first whose condition holds."""

    choose: Callable[[Any, Any], "Public | Private"]
    possible: tuple["Public | Private", ...]


class Private(Enum):
    """The route of facts that never leave the service's database."""

    PRIVATE = "private"


PRIVATE: Final = Private.PRIVATE
Route = Public | Private | Depends


def public(to: str, translate: Translate, *, extensions: Extensions | None = None) -> Public:
    """Route a fact to the stream `to`, translated to its contract."""
    return Public(to, translate, extensions)


class Routes:
    """Where each kind of recorded fact goes; a fact class of the modules without a route fails at import."""

    def __init__(self, facts: ModuleType | Sequence[ModuleType], routes: Mapping[type, Route]) -> None:
        modules = [facts] if isinstance(facts, ModuleType) else facts
        declared = {
            kind for one in modules for _, kind in inspect.getmembers(one, inspect.isclass) if _is_fact(kind, one)
        }
        if missing := sorted(kind.__name__ for kind in declared - routes.keys()):
            raise TypeError(f"facts without a route: {', '.join(missing)}")
        if unknown := sorted(kind.__name__ for kind in routes.keys() - declared):
            raise TypeError(f"routes for what is no fact of {modules[0].__name__}: {', '.join(unknown)}")
        self.table = dict(routes)

    def of(self, fact: object, aggregate: object) -> Public | Private:
        """The route of one fact, given the state of its aggregate."""
        route = self.table[type(fact)]
        return route.choose(fact, aggregate) if isinstance(route, Depends) else route


def write(facts: Iterable[object], aggregate: Any, routes: Routes, root: dict[str, Any], source: str) -> None:
    """Add the rows of an aggregate's recorded facts to the unit of work, moving `order` and `sequences` of its root.

    Called by the repository before it saves the root; the rows are inserted when the unit of work ends. Raises
    ValueError when a fact is too large or goes to a stream that does not carry its type: nothing is saved then.
    """
    current().facts.extend(_row(fact, aggregate, routes.of(fact, aggregate), root, source) for fact in facts)


def _row(fact: object, aggregate: Any, route: Public | Private, root: dict[str, Any], source: str) -> dict[str, Any]:
    now = clock.now()
    root["order"] = max(int(now.timestamp() * 1_000_000), root.get("order", 0) + 1)
    why = cause.current()
    row: dict[str, Any] = {
        "key": aggregate.id,
        "order": root["order"],
        "event_id": new_id(),
        "recorded_at": now,
        "correlation_id": why.correlation_id,
        "causation_id": why.causation_id,
        "actor": why.actor,
        "traceparent": telemetry.traceparent(),
    }
    if isinstance(route, Private):
        row |= {"_id": f"private/{aggregate.id}/{row['event_id']}", "type": type(fact).__name__, "body": plain(fact)}
        return row
    return row | _published_part(fact, aggregate, route, root, row, source)


def _published_part(
    fact: object, aggregate: Any, route: Public, root: dict[str, Any], row: dict[str, Any], source: str
) -> dict[str, Any]:
    message = route.translate(fact, aggregate)
    value = message.SerializeToString(deterministic=True)
    kind = message.DESCRIPTOR.full_name
    if kind not in stream(route.stream).messages:
        raise ValueError(f"stream {route.stream} does not carry {kind}")
    if len(value) > LARGEST_FACT:
        raise ValueError(f"{kind} is larger than a fact may be ({len(value)} bytes)")
    sequences: dict[str, int] = root.setdefault("sequences", {})
    sequences[route.stream] = sequences.get(route.stream, 0) + 1
    part = {
        "_id": f"{route.stream}/{aggregate.id}/{sequences[route.stream]}",
        "stream": route.stream,
        "sequence": sequences[route.stream],
        "type": kind,
        "source": source,
        "extensions": dict(route.extensions(fact, aggregate)) if route.extensions else {},
        "value": Binary(value),
        "pending": True,
    }
    encode(envelope_of(row | part))
    return part


def envelope_of(row: Mapping[str, Any]) -> Envelope:
    """The envelope under which a public row is published, the same each time."""
    return Envelope(
        event_id=row["event_id"],
        type=row["type"],
        source=f"/{row['source']}",
        key=row["key"],
        time=row["recorded_at"],
        sequence=row["sequence"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        actor=row["actor"],
        traceparent=row["traceparent"],
        extensions=row["extensions"],
    )


def plain(value: Any) -> Any:
    """A recorded fact as database values: dataclasses as dictionaries, enums and dates as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | bool | bytes | datetime):
        return value
    return str(value)


def _is_fact(kind: type, module: ModuleType) -> bool:
    return is_dataclass(kind) and kind.__module__ == module.__name__
