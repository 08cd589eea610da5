"""Around every RPC: trace, metrics, identity, validation, and a labelled status for whatever is raised."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from typing import Any

import grpc
import protovalidate
from google.protobuf.message import Message as Proto
from google.rpc import code_pb2, status_pb2
from grpc_status import rpc_status
from opentelemetry.trace import Span, SpanKind

from chassis import metrics, telemetry
from chassis.cause import Cause, because
from chassis.errors import DeadlinePassed, Invalid, Refusal, Unauthenticated, Unavailable, Violation
from chassis.gate import Gate, Places
from chassis.identity import Identity, TokenVerifier
from chassis.ids import new_id
from chassis.logs import describe
from chassis.outcomes import is_infrastructure
from chassis.rpc import Call, current_call
from chassis.statuses import of_domain_error, rich

log = logging.getLogger(__name__)
OPEN_SERVICES = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1alpha.ServerReflection",
    "grpc.reflection.v1.ServerReflection",
)
FIELDS_IN_A_SENTENCE = 5
ErrorTable = Mapping[type[Exception], grpc.StatusCode]
Handle = Callable[[Any, grpc.ServicerContext], Any]
Check = Callable[[Any], Sequence[Violation]]


@dataclass(frozen=True)
class Asked:
    """Which RPC is called, and with which metadata."""

    service: str
    method: str
    metadata: Mapping[str, Any]

    def span(self) -> AbstractContextManager[Span]:
        """The span of serving it, below the caller's."""
        return telemetry.span(
            telemetry.SpanName.RPC,
            f"{self.service.rsplit('.', 1)[-1]}/{self.method}",
            parent=str(self.metadata.get("traceparent", "")),
            kind=SpanKind.SERVER,
            attributes={"rpc.system": "grpc", "rpc.service": self.service, "rpc.method": self.method},
        )

    def measure(self, started: float, status: status_pb2.Status | None) -> None:
        """Note how long it took and how it ended."""
        code = code_pb2.Code.Name(status.code) if status else "OK"
        metrics.RPCS.labels(self.method, code).observe(time.perf_counter() - started)


class Edge(grpc.ServerInterceptor):
    """One interceptor for unary calls and for streams that the server sends.

    `errors` maps a service's domain errors to status codes; their `reason`, `field` and text become the details.
    `gate` bounds unary calls and `places` streams; `closing` is set when the server stops, and ends the streams.
    """

    def __init__(self, verifier: TokenVerifier, errors: ErrorTable, gate: Gate, places: Places) -> None:
        self._verifier = verifier
        self._errors = errors
        self._gate = gate
        self._places = places
        self.closing = threading.Event()

    def intercept_service(self, continuation: Callable[[grpc.HandlerCallDetails], Any], details: Any) -> Any:
        """Wrap a method; health and reflection pass."""
        handler = continuation(details)
        service, _, method = details.method.lstrip("/").partition("/")
        if handler is None or service in OPEN_SERVICES:
            return handler
        asked = Asked(service, method, dict(details.invocation_metadata or ()))
        unary, stream = handler.unary_unary, handler.unary_stream

        def answer(request: Proto, context: grpc.ServicerContext) -> Any:
            return self._serve(unary, asked, request, context)

        def send(request: Proto, context: grpc.ServicerContext) -> Iterator[Any]:
            return self._send(stream, asked, request, context)

        coding = (handler.request_deserializer, handler.response_serializer)
        if stream is not None:
            return grpc.unary_stream_rpc_method_handler(send, *coding)
        return grpc.unary_unary_rpc_method_handler(answer, *coding)

    def _serve(self, inner: Handle, asked: Asked, request: Proto, context: grpc.ServicerContext) -> Any:
        started = time.perf_counter()
        status: status_pb2.Status | None = None
        answer = None
        with asked.span() as span:
            try:
                with self._gate.passing(context.time_remaining()):
                    answer = self._answer(inner, asked, request, context)
            except Exception as error:
                status = self._status(error, asked.method)
                span.set_attribute("rpc.grpc.status_code", status.code)
        asked.measure(started, status)
        if status is not None:
            context.abort_with_status(rpc_status.to_status(status))
        return answer

    def _send(self, inner: Handle, asked: Asked, request: Proto, context: grpc.ServicerContext) -> Iterator[Any]:
        started = time.perf_counter()
        status: status_pb2.Status | None = None
        open_streams = metrics.STREAMS_OPEN.labels(asked.method)
        open_streams.inc()
        try:
            caller = self._caller(asked.metadata)
            with self._places.taken(caller.subject):
                with asked.span():
                    items = self._answer(inner, asked, request, context)
                with closing(items):
                    for item in items:
                        if not context.is_active():
                            return
                        self._demand_that_it_may_go_on(caller)
                        if item is not None:
                            yield item
        except Exception as error:
            status = self._status(error, asked.method)
        finally:
            open_streams.dec()
            asked.measure(started, status)
        if status is not None:
            context.abort_with_status(rpc_status.to_status(status))

    def _demand_that_it_may_go_on(self, caller: Identity) -> None:
        if self.closing.is_set():
            raise Unavailable("The server stops for a restart; go on from where you are.")
        if time.time() >= caller.until:
            raise Unauthenticated("The token has ended; go on with a new one from where you are.")

    def _answer(self, inner: Handle, asked: Asked, request: Proto, context: grpc.ServicerContext) -> Any:
        remaining = context.time_remaining()
        if remaining is not None and remaining <= 0:
            raise DeadlinePassed("The deadline passed before the work began.")
        caller = self._caller(asked.metadata)
        validate(request)
        token = current_call.set(Call(asked.method, caller))
        request_id = str(getattr(request, "request_id", "") or new_id())
        try:
            with because(Cause(str(asked.metadata.get("x-correlation-id") or request_id), request_id, caller.subject)):
                return inner(request, context)
        finally:
            current_call.reset(token)

    def _caller(self, metadata: Mapping[str, Any]) -> Identity:
        scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
        if not token:
            raise Unauthenticated("Send a token: authorization: Bearer <token>.", reason="TOKEN_MISSING")
        if scheme.lower() != "bearer":
            raise Unauthenticated("The token is not a bearer token.")
        return self._verifier.verify(token)

    def _status(self, error: Exception, method: str) -> status_pb2.Status:
        if isinstance(error, Refusal):
            return rich(error.code, error.reason, error.description, error.violations)
        for kind, code in self._errors.items():
            if isinstance(error, kind):
                return of_domain_error(error, code)
        if is_infrastructure(error):
            log.warning("unavailable", extra={"method": method, "error": describe(error)})
            # Whether a commit came through may be unknown: a promise that nothing changed would be too much.
            text = "Try again shortly; a repeat with the same request_id does nothing twice."
            return rich(grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE", text, ())
        log.error("unexpected", extra={"method": method, "error": describe(error)})
        return rich(grpc.StatusCode.INTERNAL, "INTERNAL", "An unexpected fault; it is logged with this trace.", ())


_by_hand: dict[str, Check] = {}


def check_by_hand(kind: type[Proto], check: Check) -> None:
    """Have requests of this kind checked by a function instead: for large ones, whose rules cost more than their work.

    The function says the same as the contract's rules; a test of the service that declares it holds that.
    """
    _by_hand[kind.DESCRIPTOR.full_name] = check


def validate(request: Proto) -> None:
    """Check the rules that the contract states. Raises Invalid with every wrong field."""
    violations = _by_hand.get(request.DESCRIPTOR.full_name, _by_the_contract)(request)
    if violations:
        fields = ", ".join(list(dict.fromkeys(violation.field for violation in violations))[:FIELDS_IN_A_SENTENCE])
        raise Invalid(f"Wrong or missing: {fields}.", violations=tuple(violations))


def _by_the_contract(request: Proto) -> Sequence[Violation]:
    try:
        protovalidate.validate(request)
    except protovalidate.ValidationError as error:
        return [
            Violation(_path(violation.proto), "INVALID_FIELD", violation.proto.message or violation.proto.rule_id)
            for violation in error.violations
        ]
    return ()


def _path(violation: Any) -> str:
    parts = []
    for element in violation.field.elements:
        subscript = f"[{element.subscript.value}]" if element.subscript else ""
        parts.append(f"{element.field_name}{subscript}")
    return ".".join(parts) or "(request)"
