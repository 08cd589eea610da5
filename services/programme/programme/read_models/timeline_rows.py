"""What a fact becomes on the timeline: one row for each factory that it concerns; codes, ids, numbers and times alone.

A row stands under the fact's own id and looks at nothing else, so any interleaving of the streams, and any number of
deliveries, gives the same content.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from google.protobuf.message import Message as Proto
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from pymongo import ASCENDING, DESCENDING, IndexModel

from chassis.consumer import Message
from chassis.database import Row
from chassis.view import View

FINANCE = "finance"
"""The circle of what finance-linkage tells, and of messages about that."""
_FINANCE_EVENTS = "amplify.finance_linkage."

timeline = View(
    "timeline",
    [IndexModel([("factory_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="factory")],
)

Handler = Callable[[Any, Message], None]


def step(subject: str, *names: str) -> Handler:
    """A handler that adds one row: `subject` is a pattern of the fact's fields, `names` the fields to show."""

    def on_fact(fact: Any, message: Message) -> None:
        if fact.factory_id:
            about = subject.format(fact=fact)
            add(fact.factory_id, message.event_id, fact, about, details(fact, names), message)

    return on_fact


def session_step(*names: str, counts: tuple[str, ...] = ()) -> Handler:
    """A handler for a training session: a row for each factory of it, and none for a session without factories.

    `counts` are shown where a single factory takes part; those of several are nobody else's business.
    """

    def on_fact(fact: Any, message: Message) -> None:
        concerned = sorted({fact.factory_id, *fact.factory_ids} - {""})
        shown = details(fact, ("course_id", *names, *(counts if len(concerned) == 1 else ())))
        add_for_each(concerned, fact, f"sessions/{fact.session_id}", lambda _: shown, message)

    return on_fact


def add_for_each(
    factory_ids: Iterable[str], fact: Proto, subject: str, shown: Callable[[str], Mapping[str, str]], message: Message
) -> None:
    """A row for each of several factories, with what `shown` says for it."""
    for factory_id in factory_ids:
        add(factory_id, f"{message.event_id}-{factory_id}", fact, subject, shown(factory_id), message)


def add(
    factory_id: str,
    row_id: str,
    fact: Proto,
    subject: str,
    shown: Mapping[str, str],
    message: Message,
    *,
    at: datetime | None = None,
    actor: str | None = None,
) -> None:
    """Write one row; time and actor are the message's where nothing is said. The country is in the factory's id."""
    event = fact.DESCRIPTOR.full_name
    row: Row = {
        "factory_id": factory_id,
        "country": factory_id[:2].upper(),
        "organisation_id": shown.get("organisation_id", ""),
        "event": event,
        "event_id": message.event_id,
        "at": at or message.time,
        "actor": message.envelope.actor if actor is None else actor,
        "subject": subject,
        "details": dict(shown),
        "trace_id": _trace_id(message.envelope.traceparent),
    }
    if event.startswith(_FINANCE_EVENTS) or shown.get("cause_event", "").startswith(_FINANCE_EVENTS):
        row["circle"] = FINANCE
    timeline.writes().replace_one({"_id": row_id}, row, upsert=True)


def details(fact: Proto, names: Iterable[str]) -> dict[str, str]:
    """Fields of a fact as text: enumerations by name without prefix, times and days as ISO, lists with commas.

    A field that is a message becomes one detail for each of its fields, as `amount_currency_code`; a list of messages
    becomes what `_list` says. What is not set or empty is left out, but for numbers.
    """
    shown: dict[str, str] = {}
    for name in names:
        shown |= _shown(fact.DESCRIPTOR.fields_by_name[name], getattr(fact, name))
    return {name: text for name, text in shown.items() if text}


def _shown(field: Any, value: Any) -> dict[str, str]:
    if _is_scalar(field):
        values = value if _repeated(field) else [value]
        return {field.name: ",".join(_text(field, one) for one in values)}
    if not _repeated(field):
        return {f"{field.name}_{part}": text for part, text in details(value, value.DESCRIPTOR.fields_by_name).items()}
    return _list(field.name, value)


def _is_scalar(field: Any) -> bool:
    scalars = (Timestamp.DESCRIPTOR, Date.DESCRIPTOR)
    return field.message_type is None or field.message_type.full_name in [kind.full_name for kind in scalars]


def _repeated(field: Any) -> bool:
    return bool(field.is_repeated)


def _text(field: Any, value: Any) -> str:
    if isinstance(value, Timestamp):
        return value.ToJsonString() if value.ByteSize() else ""
    if isinstance(value, Date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}" if value.year else ""
    if field.enum_type is not None:
        zero = field.enum_type.values_by_number[0].name
        return (
            ""
            if not value
            else str(field.enum_type.values_by_number[value].name).removeprefix(zero.removesuffix("UNSPECIFIED"))
        )
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(name: str, items: Iterable[Any]) -> dict[str, str]:
    """A list of messages: compliance points by their keys, people by how many of each sex, and all together."""
    by_sex: Counter[str] = Counter()
    points: list[str] = []
    for one in items:
        fields = one.DESCRIPTOR.fields_by_name
        if "point" in fields:
            points.append(f"{one.cluster}/{one.point}")
        elif "sex" in fields:
            by_sex[_text(fields["sex"], one.sex).lower()] += one.count
        else:
            by_sex.update(female=one.women, male=one.men)
    if points:
        return {name: ",".join(points)}
    return {name: str(by_sex.total())} | {f"{name}_{sex}": str(count) for sex, count in sorted(by_sex.items())}


def _trace_id(traceparent: str) -> str:
    """The second part of a W3C traceparent."""
    return traceparent.split("-")[1] if traceparent.count("-") == 3 else ""
