"""Work the rows of an import, a chunk at a time; can be killed at any point and goes on where it was."""

import logging
from functools import partial

from chassis import clock
from chassis.access import EVERYTHING
from chassis.due_work import Again, Due
from chassis.errors import NotFound
from chassis.logs import describe
from chassis.outcomes import is_infrastructure
from chassis.unit_of_work import unit_of_work
from programme import import_rows
from programme.domain.errors import Problem
from programme.domain.factory import Factory
from programme.domain.factory_import import FactoryImport, Outcome, RowResult
from programme.domain.factory_row import FactoryRow, read_row
from programme.storage import factories, factory_imports

log = logging.getLogger(__name__)
CHUNK = 100
"""Rows worked under one lease: far less than a lease lasts."""


def work_chunk(due: Due) -> None:
    """Give the next rows their outcome. Runs outside a unit of work: each row has one of its own."""
    accepted = factory_imports.revive(factory_imports.read(EVERYTHING, due.key))
    for row in import_rows.next_rows(accepted.id, CHUNK):
        try:
            unit_of_work(partial(_work_row, accepted, row["_id"]))
        except Exception as error:
            if is_infrastructure(error):
                raise
            log.error("an import row failed", extra={"row": row["_id"], "error": describe(error)})
            unit_of_work(partial(_give_up, row["_id"]))


def complete_or_go_on(due: Due, result: object) -> Again | None:
    """After a chunk: the import is complete, or its next chunk is due at once."""
    accepted = factory_imports.get(EVERYTHING, due.key)
    if accepted.complete(import_rows.counts(accepted.id), clock.now()):
        factory_imports.save(accepted)
        return None
    return Again(clock.now())


def _work_row(accepted: FactoryImport, row_id: str) -> None:
    """One factory and the outcome of its row, together."""
    waiting = import_rows.waiting(row_id)
    if waiting is None:
        return
    row = read_row(waiting["cells"], accepted.dates, accepted.countries, accepted.started_at)
    if not isinstance(row, FactoryRow):
        import_rows.settle(row_id, RowResult(Outcome.REJECTED, waiting["factory_id"], row))
        return
    known = _known(row.factory_id)
    factory, result = row.apply(known, clock.now())
    import_rows.settle(row_id, result)
    if factory is not None and known is None:
        factories.add(factory)
    elif factory is not None:
        factories.save(factory)


def _known(factory_id: str) -> Factory | None:
    try:
        return factories.get(EVERYTHING, factory_id)
    except NotFound:
        return None


def _give_up(row_id: str) -> None:
    waiting = import_rows.waiting(row_id)
    if waiting is not None:
        problem = Problem("row", "ROW_FAILED", "could not be taken over; the operators are told")
        import_rows.settle(row_id, RowResult(Outcome.REJECTED, waiting["factory_id"], (problem,)))
