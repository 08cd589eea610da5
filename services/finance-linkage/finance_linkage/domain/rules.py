"""The rule engine: what a condition asks of an input, what becomes of it, and what the conditions say together.

It is pure: no clock, no data but what it is given. Conditions hold all together; those of one group are alternatives,
of which one is enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from finance_linkage.domain.inputs import Input


class Test(StrEnum):
    """How a condition looks at a value."""

    __test__ = False  # no test case, whatever its name suggests

    IS = "is"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    KNOWN = "known"


@dataclass(frozen=True)
class Condition:
    """One thing that a rule asks: `test` of the input's value against `against`, and how many days it stays fresh.

    `group` names the alternatives it is one of; empty: it must hold by itself. `texts` say it by language.
    """

    code: str
    input: str
    test: Test
    against: int | str | None
    fresh_days: int | None
    group: str
    texts: dict[str, str]

    @property
    def needed(self) -> str:
        """What the input must be, as a code."""
        signs = {Test.IS: f"={self.against}", Test.AT_LEAST: f">={self.against}", Test.AT_MOST: f"<={self.against}"}
        parts = [signs.get(self.test, "known")]
        if self.fresh_days is not None:
            parts.append(f"age<={self.fresh_days}d")
        return ",".join(parts)


class Result(StrEnum):
    """What became of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    MISSING = "missing"
    STALE = "stale"


class Outcome(StrEnum):
    """What the conditions say together."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    INCOMPLETE = "incomplete"


def judge(condition: Condition, found: Input | None, on: date) -> Result:
    """What becomes of a condition on a day. An input that nothing is known of is missing; age goes before value."""
    if found is None or found.value is None:
        return Result.MISSING
    stale_from = first_stale_day(condition, found)
    if stale_from is not None and on >= stale_from:
        return Result.STALE
    return Result.MET if _holds(condition, found.value) else Result.NOT_MET


def first_stale_day(condition: Condition, found: Input) -> date | None:
    """The first day on which the input is too old for the condition; None where it never will be."""
    if condition.fresh_days is None or found.day is None:
        return None
    return found.day + timedelta(days=condition.fresh_days + 1)


def together(conditions: Sequence[Condition], results: Mapping[str, Result]) -> Outcome:
    """The outcome. It is incomplete where only missing or stale inputs stand between the factory and eligibility."""
    met = {code for code, result in results.items() if result is Result.MET}
    if satisfied(conditions, met):
        return Outcome.ELIGIBLE
    hopeful = met | {code for code, result in results.items() if result in (Result.MISSING, Result.STALE)}
    return Outcome.INCOMPLETE if satisfied(conditions, hopeful) else Outcome.NOT_ELIGIBLE


def satisfied(conditions: Sequence[Condition], met: set[str] | frozenset[str]) -> bool:
    """Whether the conditions hold when exactly these, by code, are met."""
    open_groups = {one.group for one in conditions if one.group}
    for one in conditions:
        if not one.group and one.code not in met:
            return False
        if one.group and one.code in met:
            open_groups.discard(one.group)
    return not open_groups


def _holds(condition: Condition, value: int | str) -> bool:
    against = condition.against
    if condition.test is Test.KNOWN:
        return True
    if condition.test is Test.IS:
        return value == against
    if not isinstance(value, int) or not isinstance(against, int):
        raise TypeError(f"condition {condition.code} compares numbers")
    return value >= against if condition.test is Test.AT_LEAST else value <= against
