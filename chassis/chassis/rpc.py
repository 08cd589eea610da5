"""What a servicer method does around its business: who calls, may they, was it asked before, one unit of work."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from google.protobuf.message import Message as Proto

from chassis import access, idempotency
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.unit_of_work import unit_of_work

AnswerT = TypeVar("AnswerT", bound=Proto)
ItemT = TypeVar("ItemT", bound=Proto)


@dataclass(frozen=True)
class Call:
    """The RPC at hand: its method's short name and the verified caller."""

    method: str
    caller: Identity


class Mutation(Protocol):
    """A request that changes something: it names itself, so that a retry is recognised."""

    request_id: str


current_call: ContextVar[Call] = ContextVar("call")
"""Set by the server's interceptor before the servicer runs."""


def command(request: Any, answer: type[AnswerT], work: Callable[[Identity], AnswerT]) -> AnswerT:
    """Run a mutation once for its request_id; `work` runs in a unit of work and gets the caller.

    In this order: the caller's role may do it at all; the answer to an earlier try is looked up; then the work, which
    checks the resource, the etag and the rules. A refusal changes nothing and is not remembered.
    """
    call = current_call.get()
    access.may(call.caller, call.method)
    if not request.request_id:
        raise Invalid.field("request_id", "is needed, so that a retry is recognised")

    def once() -> AnswerT:
        key = (call.caller.subject, call.method, request.request_id)
        known = idempotency.remembered(*key, request, answer)
        if known is not None:
            return known
        result = work(call.caller)
        idempotency.remember(*key, request, result)
        return result

    return unit_of_work(once)


def query(work: Callable[[Identity], AnswerT]) -> AnswerT:
    """Answer a question for a caller whose role may ask it; `work` filters what the caller sees."""
    call = current_call.get()
    access.may(call.caller, call.method)
    return work(call.caller)


def stream(work: Callable[[Identity], Iterator[ItemT | None]]) -> Iterator[ItemT]:
    """Open a stream for a caller whose role may have it; `work` filters what the caller sees.

    The iterator gives None when it has nothing for a moment, once a second at least: nothing is sent then, and the
    edge looks whether the stream must end (the caller has gone, its token has ended, the server stops). It runs after
    this call, so that it must not ask for `current_call`.
    """
    call = current_call.get()
    access.may(call.caller, call.method)
    return cast(Iterator[ItemT], work(call.caller))
