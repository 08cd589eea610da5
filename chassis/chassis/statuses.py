"""Refusals as the rich statuses of `google.rpc`: reason, violations, and a hint when to come back."""

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message as Proto
from google.rpc import error_details_pb2, status_pb2

from chassis.errors import Violation

ERROR_DOMAIN = "amplify"
MOST_VIOLATIONS = 40
"""Violations that a status names; its details travel in trailers, which clients cut off at a few kilobytes."""

COME_BACK = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED}
"""Codes that carry a RetryInfo: the same call may succeed later."""


def of_domain_error(error: Exception, code: grpc.StatusCode) -> status_pb2.Status:
    """The status of a service's domain error: its `reason`, `field` or `violations`, and its text."""
    reason = str(getattr(error, "reason", "WRONG_STATE"))
    field = str(getattr(error, "field", "") or "")
    description = str(error)
    violations = getattr(error, "violations", None) or ([(field, description)] if field else [])
    return rich(code, reason, description, tuple(Violation(name, reason, text) for name, text in violations))


def rich(code: grpc.StatusCode, reason: str, description: str, violations: tuple[Violation, ...]) -> status_pb2.Status:
    """A status with its reason, its violations, and a hint when to try again where that may help."""
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
    if code in COME_BACK:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.seconds = 1
        packed.append(retry)
    status = status_pb2.Status(code=code.value[0], message=description)
    for message in packed:
        wrapped = any_pb2.Any()
        wrapped.Pack(message)
        status.details.append(wrapped)
    return status
