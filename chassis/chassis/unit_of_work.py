"""One MongoDB transaction that reruns: state, facts, positions and answers are saved together or not at all."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar

from pymongo import DeleteOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis import fail_points, metrics
from chassis.database import Row, client, db

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
_MAJORITY = WriteConcern(w="majority")
_SNAPSHOT = ReadConcern("snapshot")


class WriteConflict(Exception):
    """A guarded write found other content than was read; the unit of work reruns."""


class UnitOfWork:
    """What one attempt knows: the raw documents that repositories have loaded, by (collection, id), and what is
    written together at its end, so that a batch needs one call for each: facts, and due work by its id."""

    def __init__(self) -> None:
        self.loaded: dict[tuple[str, str], Row] = {}
        self.facts: list[Row] = []
        self.due: dict[str, ReplaceOne[Row] | DeleteOne] = {}

    def finish(self) -> None:
        """Write what waits for the end; inside the transaction."""
        if self.facts:
            db().facts.insert_many(self.facts)
        if self.due:
            db().due_work.bulk_write(list(self.due.values()), ordered=False)


_active: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)


def current() -> UnitOfWork:
    """The unit of work at hand; raises where there is none, so that nothing is written outside one."""
    unit = _active.get()
    if unit is None:
        raise RuntimeError("writes need a unit of work; only edges (RPC, consumer, due work, command line) open one")
    return unit


def unit_of_work(work: Callable[[], T]) -> T:
    """Run `work` in a transaction and rerun it, reloading everything, until it is committed or refused.

    `work` must have no effect outside the database. Raises what `work` raises (nothing is saved then), and the
    driver's error when transient failures outlast 30 seconds.
    """
    if _active.get() is not None:
        raise RuntimeError("a unit of work is open already; they do not nest")
    _refuse_event_loop()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    with client().start_session() as session:
        for pause in _pauses():
            try:
                result = _attempt(session, work)
            except Exception as error:
                if not is_transient(error) or time.monotonic() + pause > give_up_at:
                    raise
                metrics.UNITS_RERUN.inc()
                time.sleep(pause)
            else:
                fail_points.reach("work.committed")
                return result
    raise AssertionError("unreachable")


def driver_errors(error: BaseException | None) -> Iterator[PyMongoError]:
    """The driver's errors behind an error: mongoengine hides them in `__context__`."""
    while error is not None:
        if isinstance(error, PyMongoError):
            yield error
        error = error.__cause__ or error.__context__


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed when it is run again."""
    return isinstance(error, WriteConflict) or any(
        cause.has_error_label("TransientTransactionError") for cause in driver_errors(error)
    )


def _attempt(session: ClientSession, work: Callable[[], T]) -> T:
    unit = UnitOfWork()
    token = _active.set(unit)
    session.start_transaction(read_concern=_SNAPSHOT, write_concern=_MAJORITY)
    try:
        with session.bind(end_session=False):
            fail_points.reach("work.before")
            result = work()
            unit.finish()
        fail_points.reach("work.written")
        _commit(session)
    finally:
        if session.in_transaction:
            session.abort_transaction()
        _active.reset(token)
    return result


def _commit(session: ClientSession) -> None:
    """Commit; an unknown outcome is asked again (a commit is idempotent), as the driver's specification says."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult") or time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return


def _pauses() -> Iterator[float]:
    """Growing pauses with jitter, from two milliseconds to half a second."""
    longest = 0.002
    while True:
        yield random.uniform(longest / 2, longest)  # noqa: S311 - jitter, not a secret
        longest = min(longest * 2, 0.5)


def _refuse_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a unit of work blocks; never open one on an event loop's thread")
