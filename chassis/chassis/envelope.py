"""CloudEvents in Kafka's binary mode: attributes as headers, the bare protobuf fact as the value.

The format is CloudEvents 1.0 with the Kafka binding; own code because the SDK decodes protobuf bytes as text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Headers = list[tuple[str, bytes]]

_REQUIRED = ("id", "type", "source", "subject", "time", "sequence")
_KNOWN = {*_REQUIRED, "specversion", "correlationid", "causationid", "actor", "stream"}
LARGEST_HEADER = 1024


class Unreadable(Exception):
    """The record has no readable envelope, so it belongs to no known aggregate."""


@dataclass(frozen=True)
class Envelope:
    """What a record says of itself besides its value."""

    event_id: str
    type: str
    source: str
    key: str
    time: datetime
    sequence: int
    correlation_id: str = ""
    causation_id: str = ""
    actor: str = ""
    traceparent: str = ""
    extensions: Mapping[str, str] = field(default_factory=dict)


def encode(envelope: Envelope) -> Headers:
    """The record headers of an envelope. Raises ValueError for a header that is too long or not printable ASCII."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": envelope.event_id,
        "ce_type": envelope.type,
        "ce_source": envelope.source,
        "ce_subject": envelope.key,
        "ce_time": envelope.time.isoformat(),
        "ce_sequence": str(envelope.sequence),
        "ce_correlationid": envelope.correlation_id,
        "ce_causationid": envelope.causation_id,
        "ce_actor": envelope.actor,
        **{f"ce_{name}": value for name, value in envelope.extensions.items()},
        "traceparent": envelope.traceparent,
        "content-type": "application/protobuf",
    }
    for name, value in attributes.items():
        if len(value) > LARGEST_HEADER or not (value.isascii() and value.isprintable()):
            raise ValueError(f"header {name} is too long or not printable ASCII")
    return [(name, value.encode()) for name, value in attributes.items() if value]


def decode(headers: Iterable[tuple[str, bytes]]) -> Envelope:
    """Read the headers of a record. Raises Unreadable when a required attribute is missing or malformed."""
    try:
        named = {name: value.decode("ascii") for name, value in headers}
        attributes = {name.removeprefix("ce_"): value for name, value in named.items() if name.startswith("ce_")}
        if attributes["specversion"] != "1.0":
            raise Unreadable("specversion is not 1.0")
        envelope = Envelope(
            event_id=attributes["id"],
            type=attributes["type"],
            source=attributes["source"],
            key=attributes["subject"],
            time=datetime.fromisoformat(attributes["time"]),
            sequence=int(attributes["sequence"]),
            correlation_id=attributes.get("correlationid", ""),
            causation_id=attributes.get("causationid", ""),
            actor=attributes.get("actor", ""),
            traceparent=named.get("traceparent", ""),
            extensions={name: value for name, value in attributes.items() if name not in _KNOWN},
        )
    except KeyError as missing:
        raise Unreadable(f"no header for {missing}") from None
    except (ValueError, AttributeError, TypeError) as error:
        raise Unreadable(f"a header is malformed ({type(error).__name__})") from None
    if envelope.sequence < 1 or not envelope.key or envelope.time.tzinfo is None:
        raise Unreadable("sequence, subject or time is out of range")
    return envelope
