"""Around every RPC: trace, metrics, identity, validation, and a labelled status for whatever is raised."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import grpc
import protovalidate
from google.protobuf import any_pb2
from google.protobuf.message import Message as Proto
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status
from opentelemetry.trace import SpanKind

from chassis import metrics, telemetry
from chassis.cause import Cause, because
from chassis.errors import DeadlinePassed, Invalid, Refusal, Unauthenticated, Violation
from chassis.identity import Identity, TokenVerifier
from chassis.ids import new_id
from chassis.logs import describe
from chassis.outcomes import is_infrastructure
from chassis.rpc import Call, current_call

log = logging.getLogger(__name__)
OPEN_SERVICES = (
    "grpc.health.v1.Health",
    "grpc.reflection.v1alpha.ServerReflection",
    "grpc.reflection.v1.ServerReflection",
)
ERROR_DOMAIN = "amplify"
MOST_VIOLATIONS = 40
"""Violations that a status names; its details travel in trailers, which clients cut off at a few kilobytes."""

FIELDS_IN_A_SENTENCE = 5
ErrorTable = Mapping[type[Exception], grpc.StatusCode]
Handle = Callable[[Any, grpc.ServicerContext], Any]
Check = Callable[[Any], Sequence[Violation]]


class Edge(grpc.ServerInterceptor):
    """One interceptor for unary calls. `errors` maps a service's domain errors to status codes; their `reason`,
    `field` and text become the details."""

    def __init__(self, verifier: TokenVerifier, errors: ErrorTable) -> None:
        self._verifier = verifier
        self._errors = errors

    def intercept_service(self, continuation: Callable[[grpc.HandlerCallDetails], Any], details: Any) -> Any:
        """Wrap a unary method; health and reflection pass."""
        handler = continuation(details)
        service, _, method = details.method.lstrip("/").partition("/")
        if handler is None or service in OPEN_SERVICES or handler.unary_unary is None:
            return handler
        metadata = dict(details.invocation_metadata or ())
        inner = handler.unary_unary

        def handle(request: Proto, context: grpc.ServicerContext) -> Any:
            return self._serve(inner, service, method, metadata, request, context)

        return grpc.unary_unary_rpc_method_handler(handle, handler.request_deserializer, handler.response_serializer)

    def _serve(
        self,
        inner: Handle,
        service: str,
        method: str,
        metadata: Mapping[str, Any],
        request: Proto,
        context: grpc.ServicerContext,
    ) -> Any:
        started = time.perf_counter()
        status: status_pb2.Status | None = None
        answer = None
        attributes: telemetry.Attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}
        with telemetry.span(
            telemetry.SpanName.RPC,
            f"{service.rsplit('.', 1)[-1]}/{method}",
            parent=str(metadata.get("traceparent", "")),
            kind=SpanKind.SERVER,
            attributes=attributes,
        ) as span:
            try:
                answer = self._answer(inner, method, metadata, request, context)
            except Exception as error:
                status = self._status(error, method)
                span.set_attribute("rpc.grpc.status_code", status.code)
        code = code_pb2.Code.Name(status.code) if status else "OK"
        metrics.RPCS.labels(method, code).observe(time.perf_counter() - started)
        if status is not None:
            context.abort_with_status(rpc_status.to_status(status))
        return answer

    def _answer(
        self, inner: Handle, method: str, metadata: Mapping[str, Any], request: Proto, context: grpc.ServicerContext
    ) -> Any:
        remaining = context.time_remaining()
        if remaining is not None and remaining <= 0:
            raise DeadlinePassed("The deadline passed before the work began.")
        caller = self._caller(metadata)
        validate(request)
        token = current_call.set(Call(method, caller))
        request_id = str(getattr(request, "request_id", "") or new_id())
        try:
            with because(Cause(str(metadata.get("x-correlation-id") or request_id), request_id, caller.subject)):
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
            return _rich(error.code, error.reason, error.description, error.violations)
        for kind, code in self._errors.items():
            if isinstance(error, kind):
                return _domain(error, code)
        if is_infrastructure(error):
            log.warning("unavailable", extra={"method": method, "error": describe(error)})
            return _rich(grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE", "Try again shortly; nothing was changed.", ())
        log.error("unexpected", extra={"method": method, "error": describe(error)})
        return _rich(grpc.StatusCode.INTERNAL, "INTERNAL", "An unexpected fault; it is logged with this trace.", ())


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


def _domain(error: Exception, code: grpc.StatusCode) -> status_pb2.Status:
    reason = str(getattr(error, "reason", "WRONG_STATE"))
    field = str(getattr(error, "field", "") or "")
    description = str(error)
    violations = getattr(error, "violations", None) or ([(field, description)] if field else [])
    return _rich(code, reason, description, tuple(Violation(name, reason, text) for name, text in violations))


def _rich(code: grpc.StatusCode, reason: str, description: str, violations: tuple[Violation, ...]) -> status_pb2.Status:
    details = [error_details_pb2.ErrorInfo(reason=reason, domain=ERROR_DOMAIN)]
    packed: list[Proto] = list(details)
    if violations:
        packed.append(
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(
                        field=one.field, reason=one.reason, description=one.description
                    )
                    for one in violations[:MOST_VIOLATIONS]
                ]
            )
        )
    if code is grpc.StatusCode.UNAVAILABLE:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.seconds = 1
        packed.append(retry)
    status = status_pb2.Status(code=code.value[0], message=description)
    for message in packed:
        wrapped = any_pb2.Any()
        wrapped.Pack(message)
        status.details.append(wrapped)
    return status
