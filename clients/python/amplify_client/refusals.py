"""Why a call was refused: code, reason, wrong fields, and when to try again."""

from dataclasses import dataclass, field

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED}
"""Codes after which the same call may succeed; reads and acknowledgements are harmless to repeat."""


@dataclass
class Refused(Exception):
    """A call that was refused; `reason` is a name of the error-reason catalogue, `fields` maps each wrong field to why.

    `retry_after` are the seconds to wait that the service asked for, 0 where it did not.
    """

    code: grpc.StatusCode
    reason: str
    description: str
    fields: dict[str, str] = field(default_factory=dict)
    retry_after: float = 0.0

    def __str__(self) -> str:
        wrong = "".join(f"; {name}: {why}" for name, why in self.fields.items())
        return f"{self.code.name} {self.reason}: {self.description}{wrong}"


def refusal(error: grpc.RpcError | Refused) -> Refused:
    """What an error of a call says; a call that got no token from the issuer was refused already."""
    if isinstance(error, Refused):
        return error
    refused = Refused(error.code(), "", error.details() or "")
    trailers: dict[str, bytes] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]
    for detail in status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b"")).details:
        _note(refused, detail)
    return refused


def _note(refused: Refused, detail: any_pb2.Any) -> None:
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    if detail.Unpack(info):
        refused.reason = info.reason
    elif detail.Unpack(bad):
        refused.fields = {one.field: one.description for one in bad.field_violations}
    elif detail.Unpack(retry):
        refused.retry_after = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
