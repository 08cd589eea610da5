"""How a call can fail, as the pages see it."""

from dataclasses import dataclass
from datetime import datetime

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status


@dataclass(frozen=True)
class Violation:
    """One wrong field: its path in the request, the reason's name and a sentence in English."""

    field: str
    reason: str
    description: str


class Trouble(Exception):
    """A call that brought no answer; `service` is whom it was made to."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class Down(Trouble):
    """The service does not answer, or not in time; `since` is when that was first found out. Trying later is right."""

    since: datetime | None = None


class SignedOut(Trouble):
    """The service no longer accepts the person's token."""


class Refused(Trouble):
    """The service said no and nothing changed. `reason` is a name of its error catalogue."""

    def __init__(
        self, service: str, code: grpc.StatusCode, reason: str, description: str, violations: tuple[Violation, ...]
    ) -> None:
        super().__init__(service)
        self.code = code
        self.reason = reason
        self.description = description
        self.violations = violations

    def __str__(self) -> str:
        return f"{self.service}: {self.code.name} {self.reason}"


_DOWN = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNIMPLEMENTED,
}
"""UNIMPLEMENTED is a service of an older release, in the middle of a rolling deploy."""


def understand(service: str, error: grpc.RpcError) -> Trouble:
    """The trouble that a failed call means, with the details the service attached."""
    code = error.code()
    if code in _DOWN:
        return Down(service)
    if code is grpc.StatusCode.UNAUTHENTICATED:
        return SignedOut(service)
    reason, violations = "", []
    status = rpc_status.from_call(error)
    for detail in status.details if status is not None else ():
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            violations += [Violation(one.field, one.reason, one.description) for one in bad.field_violations]
    return Refused(service, code, reason or code.name, error.details() or "", tuple(violations))
