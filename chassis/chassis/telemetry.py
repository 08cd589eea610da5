"""One trace from the click to the last effect; spans hold ids and codes, never what a request said."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from opentelemetry import propagate, trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context

from chassis.settings import Settings

Attributes = dict[str, str | int | float | bool]


class SpanName(Enum):
    """Every kind of span; the value is the first word of its name."""

    RPC = "rpc"
    """A call served."""
    CALL = "call"
    """A call made to another service."""
    PUBLISH = "publish"
    """A fact handed to the broker and acknowledged."""
    PROCESS = "process"
    """A fact applied by a consumer."""
    DUE = "due"
    """A deadline fired, or an outside effect attempted."""
    PAGE = "page"
    """A page or form of a console served."""
    SEND = "send"
    """A message handed to an outside provider."""


_tracer = trace.get_tracer("chassis")


def configure(settings: Settings, service: str) -> None:
    """Export spans as the settings say; without an exporter spans still carry their ids through the system."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if settings.spans_dir is not None:
        provider.add_span_processor(
            BatchSpanProcessor(JsonLines(settings.spans_dir / f"{service}.jsonl"), schedule_delay_millis=500)
        )
    if settings.otel_exporter_otlp_endpoint:
        # Here, and not above: it takes a fifth of a start, and most starts have no collector.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        endpoint = settings.otel_exporter_otlp_endpoint.rstrip("/") + "/v1/traces"
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)


def flush() -> None:
    """Hand over what is still buffered; called once at the end of a process."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


@contextmanager
def span(
    name: SpanName,
    what: str,
    *,
    parent: str = "",
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
) -> Iterator[Span]:
    """A span named `<name> <what>`, below the traceparent given or the span at hand; an exception marks it as failed.

    The exception's type is kept and its text is not: a driver's message may repeat a value.
    """
    current = _tracer.start_span(
        f"{name.value} {what}", context=extract(parent) if parent else None, kind=kind, attributes=attributes
    )
    token = attach(set_span_in_context(current))
    try:
        yield current
    except BaseException as error:
        current.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        detach(token)
        current.end()


def traceparent() -> str:
    """The W3C traceparent of the span at hand, or an empty string."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")


def extract(parent: str) -> Context:
    """The context that a stored traceparent names."""
    return propagate.extract({"traceparent": parent})


class JsonLines(SpanExporter):
    """Appends each span as one JSON object to a file, for reading a trace without a collector."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write the spans; a line is written whole or not at all."""
        lines = "".join(json.dumps(_as_json(one)) + "\n" for one in spans)
        with self._lock, self._path.open("a") as file:
            file.write(lines)
        return SpanExportResult.SUCCESS


def _as_json(one: ReadableSpan) -> dict[str, object]:
    context = one.get_span_context()
    return {
        "trace_id": f"{context.trace_id:032x}" if context else "",
        "span_id": f"{context.span_id:016x}" if context else "",
        "parent_id": f"{one.parent.span_id:016x}" if one.parent else "",
        "name": one.name,
        "service": one.resource.attributes.get("service.name", ""),
        "kind": one.kind.name,
        "start_ns": one.start_time,
        "end_ns": one.end_time,
        "status": one.status.status_code.name,
        "status_detail": one.status.description or "",
        "attributes": dict(one.attributes or {}),
        "links": [f"{link.context.trace_id:032x}" for link in one.links],
    }
