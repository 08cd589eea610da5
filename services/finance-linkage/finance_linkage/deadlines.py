"""Due work besides steps that are late: factories to be evaluated, now or on a day, and consents that begin later."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from chassis import clock
from chassis.due_work import deadlines

EVALUATE = "evaluate-factory"
RECHECK = "recheck-factory"
SWEEP = "evaluate-all-factories"
BEGINS = "consent-begins"


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


def await_consent(grant_id: str, begins: datetime, body: Mapping[str, Any]) -> None:
    """Have a grant noted when it begins; `body` says what is known of it, and takes the place of what was known."""
    deadlines.set(BEGINS, grant_id, begins, body)


def forget_consent(grant_id: str) -> None:
    """A grant is over, perhaps before it began."""
    deadlines.cancel(BEGINS, grant_id)
