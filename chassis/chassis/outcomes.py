"""The kinds of trouble a message can be in; which kind decides what happens to it."""

import grpc
from pymongo.errors import (
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    WaitQueueTimeoutError,
    WriteConcernError,
)

from chassis.errors import Unavailable
from chassis.unit_of_work import driver_errors, is_transient


class NotYet(Exception):
    """Raised by a handler: something that the fact refers to is not known here yet; tried again off the line."""


class Gap(Exception):
    """An earlier fact of the aggregate is missing; it waits beside the line and heals when that one arrives."""


class Fork(Exception):
    """The same sequence number came with another id: two histories of one aggregate. Parks and pages."""


class Undecodable(Exception):
    """The fact's value does not parse as the type its header names."""


def is_infrastructure(error: BaseException) -> bool:
    """Whether the fault lies outside the message, so that it must be retried in place and never parked."""
    if isinstance(error, Unavailable | ConnectionError | TimeoutError) or is_transient(error):
        return True
    if isinstance(error, grpc.RpcError):
        return error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
    return any(
        isinstance(cause, ConnectionFailure | ExecutionTimeout | WaitQueueTimeoutError | WriteConcernError)
        or (isinstance(cause, OperationFailure) and cause.has_error_label("RetryableWriteError"))
        for cause in driver_errors(error)
    )
