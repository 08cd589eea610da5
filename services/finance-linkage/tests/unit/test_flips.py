"""The shortest list of changes turns the outcome, and nothing shorter does: compared with trying everything."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from finance_linkage.domain.flips import shortest_flip
from finance_linkage.domain.rules import Condition, Result, satisfied

from .builders import condition

GROUPS = st.sampled_from(["", "", "", "g", "h"])
RESULTS = st.sampled_from(list(Result))
TABLES = st.lists(st.tuples(GROUPS, RESULTS), min_size=1, max_size=8)


def _table(rows: list[tuple[str, Result]]) -> tuple[list[Condition], dict[str, Result]]:
    conditions = [condition(f"c{number}", group=group) for number, (group, _) in enumerate(rows)]
    return conditions, {one.code: result for one, (_, result) in zip(conditions, rows, strict=True)}


def _met(results: dict[str, Result]) -> set[str]:
    return {code for code, result in results.items() if result is Result.MET}


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_it_turns_the_outcome_and_nothing_shorter_does(rows: list[tuple[str, Result]]) -> None:
    conditions, results = _table(rows)
    met = _met(results)
    before = satisfied(conditions, met)
    found = {one.code for one in shortest_flip(conditions, results)}
    assert satisfied(conditions, met ^ found) is not before
    everything = [one.code for one in conditions]
    shorter = (set(some) for size in range(len(found)) for some in combinations(everything, size))
    assert all(satisfied(conditions, met ^ some) is before for some in shorter)


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_it_stands_in_the_order_of_the_rules(rows: list[tuple[str, Result]]) -> None:
    conditions, results = _table(rows)
    codes = [one.code for one in shortest_flip(conditions, results)]
    assert codes == sorted(codes, key=lambda code: int(code[1:]))


def test_of_two_alternatives_the_first_is_named() -> None:
    conditions, results = _table([("", Result.NOT_MET), ("g", Result.MISSING), ("g", Result.NOT_MET)])
    assert [one.code for one in shortest_flip(conditions, results)] == ["c0", "c1"]


def test_a_factory_loses_what_it_has_only_when_both_alternatives_go() -> None:
    conditions, results = _table([("g", Result.MET), ("g", Result.MET)])
    assert [one.code for one in shortest_flip(conditions, results)] == ["c0", "c1"]


def test_rules_without_conditions_cannot_be_turned() -> None:
    assert shortest_flip([], {}) == ()
