"""Writes `docs/event-catalogue.md` and `docs/error-reasons.md` from the contracts, the registry and the routes in code.

python proto/catalogue.py    write both pages
"""

import importlib
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import generate
from descriptions import Element, Message, Stream, contracts, examples, streams

from chassis.envelope import Envelope, encode
from chassis.facts import Depends, Private, Public, Route

DOCS = generate.PROTO.parent / "docs"
SERVICES = ("programme", "assessment", "training", "finance_linkage", "notifications")
REASONS = ("platform", *SERVICES)
WRITTEN = "This page is written by `python proto/catalogue.py` and checked by `make contracts`; change its sources."
ABOUT_FACTS = """
A fact is published as its bare protobuf message with CloudEvents headers in Kafka's binary mode. A stream is the
logical name of a topic: the topic is the deployment's prefix followed by the stream's name. Facts are kept for ever,
and their order holds within one key.
""".strip()
HEADERS = {
    "ce_specversion": "version of CloudEvents, `1.0`",
    "ce_id": "the fact's id, a UUIDv7; the same at each delivery",
    "ce_type": "full name of the fact's message",
    "ce_source": "the service that recorded it, as `/programme`",
    "ce_subject": "the aggregate's id; also the record's key",
    "ce_time": "when it was recorded, in UTC",
    "ce_sequence": "1, 2, 3 … within the stream and the aggregate",
    "ce_correlationid": "what a person set going: the same through everything that follows",
    "ce_causationid": "the request or fact that led to it",
    "ce_actor": "opaque id of the person behind it; none where a clock or a rule acted",
    "ce_country": "country that it concerns, where it concerns one",
    "traceparent": "W3C trace context",
    "content-type": "`application/protobuf`",
}
ABOUT_REASONS = """
A refused call carries `google.rpc.ErrorInfo` with one of these reasons and the domain `amplify`; wrong fields stand in
`google.rpc.BadRequest`, each with its path, a reason of its own and a sentence. A refused call has changed nothing.

Two refusals come before a call is read and carry nothing but the code RESOURCE_EXHAUSTED: more calls at once than the
server takes, and a message of more than 4 MiB.
""".strip()


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())


def stale() -> list[str]:
    """The names of the pages that are not as they would be written now."""
    current = {name: page() for name, page in PAGES.items()}
    return [name for name, text in current.items() if not (DOCS / name).is_file() or (DOCS / name).read_text() != text]


def event_catalogue() -> str:
    """The page of streams, facts and routes."""
    return "\n".join(_event_catalogue()) + "\n"


def error_reasons() -> str:
    """The page of reasons for refusing a call."""
    return "\n".join(_error_reasons()) + "\n"


PAGES: dict[str, Callable[[], str]] = {"event-catalogue.md": event_catalogue, "error-reasons.md": error_reasons}


def routes(service: str) -> Iterator[tuple[type, list[tuple[str, str]]]]:
    """Each kind of fact a service records, with where it may go: stream and message, or `private` and nothing."""
    table = importlib.import_module(f"{service}.contracts").ROUTES.table
    for fact, route in sorted(table.items(), key=lambda item: str(item[0].__name__)):
        yield fact, targets(route)


def targets(route: Route) -> list[tuple[str, str]]:
    """Where a route may lead, as (stream, full name of the message), or ("private", "")."""
    return [_target(one) for one in (route.possible if isinstance(route, Depends) else (route,))]


def _target(route: Public | Private) -> tuple[str, str]:
    if not isinstance(route, Public):
        return "private", ""
    message = typing.get_type_hints(route.translate)["return"]
    return route.stream, str(message.DESCRIPTOR.full_name)


def _event_catalogue() -> Iterator[str]:
    yield "# Event catalogue"
    yield f"\n{WRITTEN}\n"
    yield f"{ABOUT_FACTS}\n"
    yield "## Streams\n"
    yield "| stream | owner | key | partitions | class | consumers |\n| --- | --- | --- | --- | --- | --- |"
    for stream in streams().values():
        consumers = ", ".join(f"`{name}`" for name in stream.consumers)
        link = f"[{stream.name}](#{stream.name})"
        yield f"| {link} | {stream.owner} | {stream.key} | {stream.partitions} | {_class(stream)} | {consumers} |"
    yield from _headers()
    yield "\n## Where every recorded fact goes\n"
    yield "What an aggregate records either goes to one stream or stays private in its service's database.\n"
    yield "| service | recorded fact | route | message |\n| --- | --- | --- | --- |"
    for service in SERVICES:
        for fact, places in routes(service):
            where = " or ".join(stream for stream, _ in places)
            message = " or ".join(f"`{name}`" for _, name in places if name)
            yield f"| {service} | `{fact.__name__}` | {where} | {message} |"
    for stream in streams().values():
        yield from _stream(stream)


def _headers() -> Iterator[str]:
    """Those that the envelope really writes; KeyError for one that is not described above."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    envelope = Envelope("-", "-", "-", "-", now, 1, "-", "-", "-", "-", extensions={"country": "-"})
    yield "\n## Headers of every fact\n"
    yield "| header | meaning |\n| --- | --- |"
    for name, _ in encode(envelope):
        yield f"| `{name}` | {HEADERS[name]} |"


def _stream(stream: Stream) -> Iterator[str]:
    yield f"\n## {stream.name}\n\n{stream.description}\n"
    yield f"* produced by {', '.join(stream.producers)}, read by {', '.join(f'`{name}`' for name in stream.consumers)}"
    yield f"* key: {stream.key}; {stream.partitions} partitions; class {_class(stream)}"
    config = ", ".join(f"`{name}={value}`" for name, value in stream.config.items())
    yield f"* topic configuration: {config}"
    helpers: dict[str, Message] = {}
    for name in stream.messages:
        event, *parts = contracts().reached(name)
        helpers |= {part.full_name: part for part in parts}
        yield f"\n### {_short(event)}\n\n`{event.full_name}`: {_text(event)}\n"
        yield from _fields(event)
        links = ", ".join(f"[{file.stem}](../proto/examples/{name}/{file.name})" for file in examples(name))
        yield f"\nGolden examples: {links}"
    for part in sorted(helpers.values(), key=_short):
        yield f"\n### {_short(part)} (part of facts)\n\n`{part.full_name}`: {_text(part)}\n"
        yield from _fields(part)


def _fields(message: Message) -> Iterator[str]:
    yield "| field | type | class | meaning |\n| --- | --- | --- | --- |"
    for one in message.fields:
        yield f"| `{_short(one)}` | {one.type} | {one.confidentiality} | {_text(one)} |"


def _error_reasons() -> Iterator[str]:
    yield "# Error reasons"
    yield f"\n{WRITTEN}\n"
    yield ABOUT_REASONS
    for package in REASONS:
        enum = f"amplify.{package}.v1.ErrorReason"
        yield f"\n## {package}\n\n{_text(contracts().elements[enum])}\n"
        yield "| reason | meaning |\n| --- | --- |"
        for value in contracts().values(enum)[1:]:
            yield f"| `{_short(value).removeprefix('ERROR_REASON_')}` | {_text(value)} |"


def _class(stream: Stream) -> str:
    return stream.confidentiality.removeprefix("CONFIDENTIALITY_")


def _short(element: Element) -> str:
    return element.full_name.rsplit(".", 1)[-1]


def _text(element: Element) -> str:
    return " ".join(element.comment.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
