"""Why something happens: the correlation, causation and actor that every fact written now will carry."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from chassis.ids import new_id


@dataclass(frozen=True)
class Cause:
    """`correlation_id` is the same along a story, `causation_id` names the step before, `actor` an opaque person."""

    correlation_id: str
    causation_id: str = ""
    actor: str = ""


_current: ContextVar[Cause | None] = ContextVar("cause", default=None)


def current() -> Cause:
    """The cause at hand; work that has none begins a story of its own."""
    return _current.get() or Cause(correlation_id=new_id())


@contextmanager
def because(cause: Cause) -> Iterator[None]:
    """Everything recorded inside carries this cause."""
    token = _current.set(cause)
    try:
        yield
    finally:
        _current.reset(token)
