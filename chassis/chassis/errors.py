"""How a service says no: one exception a kind of refusal, each with a reason from the catalogue and its fields."""

from dataclasses import dataclass
from typing import ClassVar

import grpc


@dataclass(frozen=True)
class Violation:
    """One wrong field of a request.

    `field` is the path in the request (`answers[7].note`), `reason` a name of the error-reason catalogue,
    `description` a sentence that a person can act on; it never repeats the value.
    """

    field: str
    reason: str
    description: str


class Refusal(Exception):
    """A request that changes nothing; `reason` is a name of the error-reason catalogue."""

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.INTERNAL
    default_reason: ClassVar[str] = "INTERNAL"

    def __init__(self, description: str, *, reason: str = "", violations: tuple[Violation, ...] = ()) -> None:
        super().__init__(description)
        self.description = description
        self.reason = reason or self.default_reason
        self.violations = violations


class Invalid(Refusal):
    """The request is wrong in itself; names each wrong field."""

    code = grpc.StatusCode.INVALID_ARGUMENT
    default_reason = "INVALID_FIELD"

    @classmethod
    def field(cls, field: str, description: str, *, reason: str = "INVALID_FIELD") -> "Invalid":
        """The refusal of a single field."""
        return cls(f"{field}: {description}", reason=reason, violations=(Violation(field, reason, description),))


class NotFound(Refusal):
    """There is no such thing, or the caller may not know of it: the two look the same."""

    code = grpc.StatusCode.NOT_FOUND
    default_reason = "NOT_FOUND"


class AlreadyExists(Refusal):
    """The client-assigned id, or a value that must be unique, is taken."""

    code = grpc.StatusCode.ALREADY_EXISTS
    default_reason = "ALREADY_EXISTS"


class FailedPrecondition(Refusal):
    """The resource is in a state that does not allow this."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    default_reason = "WRONG_STATE"


class Aborted(Refusal):
    """Somebody else changed the resource since the caller read it (AIP-154)."""

    code = grpc.StatusCode.ABORTED
    default_reason = "STALE_ETAG"


class Denied(Refusal):
    """The caller is known and may not do this."""

    code = grpc.StatusCode.PERMISSION_DENIED
    default_reason = "PERMISSION_DENIED"


class Unauthenticated(Refusal):
    """There is no valid token."""

    code = grpc.StatusCode.UNAUTHENTICATED
    default_reason = "TOKEN_INVALID"


class Unavailable(Refusal):
    """Something that this needs is down for the moment; trying again later is right."""

    code = grpc.StatusCode.UNAVAILABLE
    default_reason = "UNAVAILABLE"


class Overloaded(Refusal):
    """There is more to do than this process takes on; the answer says when to try again."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    default_reason = "OVERLOADED"


class DeadlinePassed(Refusal):
    """The caller stopped waiting before the work began; a mutation may be sent again with the same request_id."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED
    default_reason = "DEADLINE_PASSED"
