"""Due work of decisions: evaluate one factory now, look again when the days alone may change something, sweep all."""

from datetime import UTC, date, datetime, time

from chassis import clock
from chassis.due_work import deadlines

EVALUATE = "evaluate-factory"
RECHECK = "recheck-factory"
SWEEP = "evaluate-all-factories"


def evaluate_soon(factory_id: str) -> None:
    """Have a factory evaluated once for whatever changes until then, in the unit of work at hand."""
    deadlines.set(EVALUATE, factory_id, clock.now())


def recheck_on(factory_id: str, day: date | None) -> None:
    """Have it evaluated again as that day begins (UTC), or not at all."""
    if day is None:
        deadlines.cancel(RECHECK, factory_id)
    else:
        deadlines.set(RECHECK, factory_id, datetime.combine(day, time.min, UTC))


def sweep_from(after: str) -> None:
    """Have every factory behind this id evaluated; a sweep that is under way starts afresh."""
    deadlines.set(SWEEP, "all", clock.now(), {"after": after})
