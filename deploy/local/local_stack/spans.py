"""Spans kept as JSON lines, and the trace that they form as an indented page."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_MILLISECOND = 1_000_000


@dataclass(frozen=True)
class Span:
    """One step of one trace; times in nanoseconds since 1970. `parent_id` is empty for the first."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    service: str
    start_ns: int
    end_ns: int
    status: str
    status_detail: str
    attributes: Mapping[str, Any]


def read(folder: Path, trace_ids: Iterable[str]) -> dict[str, list[Span]]:
    """The spans of some traces, by trace id; a line that is not whole (its process was killed) is passed over."""
    wanted = {trace_id: list[Span]() for trace_id in trace_ids}
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if any(trace_id in line for trace_id in wanted):
                    _add(wanted, line)
    return wanted


def page(trace_id: str, spans: list[Span]) -> str:
    """A trace as text: start after the first span, duration, service, and what it did below what caused it."""
    if not spans:
        return f"trace {trace_id}: no span is kept"
    begin = min(span.start_ns for span in spans)
    end = max(span.end_ns for span in spans)
    services = {span.service for span in spans}
    started = datetime.fromtimestamp(begin / 1e9, UTC)
    title = (
        f"trace {trace_id}, {started:%Y-%m-%d %H:%M:%S} UTC: "
        f"{len(spans)} spans in {len(services)} services, {_ms(end - begin)}"
    )
    width = max(len(service) for service in services)
    return "\n".join([title, *(_line(span, depth, begin, width) for depth, span in _tree(spans))])


def about(spans: list[Span], event_ids: Collection[str]) -> list[Span]:
    """The spans that carry these events, what led to them and what followed; all spans when none carries any.

    A request that does many things, such as an import, is one trace: most of it is about something else.
    """
    by_id = {span.span_id: span for span in spans}
    carriers = {span.span_id for span in spans if span.attributes.get("messaging.message.id") in event_ids}
    kept = set(carriers)
    for span in spans:
        path = [span.span_id, *_ancestors(span, by_id)]
        if carriers.intersection(path):
            kept.update(path)
    return [span for span in spans if span.span_id in kept] or spans


def _ancestors(span: Span, by_id: Mapping[str, Span]) -> Iterator[str]:
    while (parent := by_id.get(span.parent_id)) is not None:
        span = parent
        yield span.span_id


def _add(wanted: dict[str, list[Span]], line: str) -> None:
    try:
        content = json.loads(line)
    except ValueError:
        return
    if content["trace_id"] in wanted:
        known = {name: content.get(name, "") for name in Span.__dataclass_fields__}
        wanted[content["trace_id"]].append(Span(**known))


def _tree(spans: list[Span]) -> Iterator[tuple[int, Span]]:
    """Depth and span, each below its parent, in order of time; a span whose parent is not kept stands at the left."""
    ids = {span.span_id for span in spans}
    below: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda one: one.start_ns):
        below.setdefault(span.parent_id if span.parent_id in ids else "", []).append(span)

    def walk(parent_id: str, depth: int) -> Iterator[tuple[int, Span]]:
        for span in below.get(parent_id, []):
            yield depth, span
            yield from walk(span.span_id, depth + 1)

    yield from walk("", 0)


def _line(span: Span, depth: int, begin: int, width: int) -> str:
    failed = f"  ERROR {span.status_detail}".rstrip() if span.status == "ERROR" else ""
    after, took = f"+{_ms(span.start_ns - begin)}", _ms(span.end_ns - span.start_ns)
    return f"{after:>13} {took:>11}  {span.service:<{width}}  {'  ' * depth}{span.name}{failed}"


def _ms(nanoseconds: int) -> str:
    return f"{nanoseconds / _MILLISECOND:,.1f} ms"
