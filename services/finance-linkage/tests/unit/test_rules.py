"""What becomes of a condition, and what conditions say together."""

from datetime import date, timedelta

import pytest

from finance_linkage.domain.rules import Outcome, Result, Test, judge, together

from .builders import TODAY, condition, known


@pytest.mark.parametrize(
    ("test", "against", "value", "result"),
    [
        (Test.AT_LEAST, 55, 55, Result.MET),
        (Test.AT_LEAST, 55, 54, Result.NOT_MET),
        (Test.AT_MOST, 45, 45, Result.MET),
        (Test.AT_MOST, 45, 46, Result.NOT_MET),
        (Test.IS, "active", "active", Result.MET),
        (Test.IS, "active", "closed", Result.NOT_MET),
        (Test.KNOWN, None, 0, Result.MET),
    ],
)
def test_a_value_is_compared_as_the_test_says(
    test: Test, against: int | str | None, value: int | str, result: Result
) -> None:
    assert judge(condition("c", "x", test, against), known("x", value), TODAY) is result


def test_an_input_is_fresh_on_its_last_day_and_stale_on_the_next() -> None:
    asked = condition("c", "x", fresh_days=30)
    found = known("x", 1, TODAY - timedelta(days=30))
    assert judge(asked, found, TODAY) is Result.MET
    assert judge(asked, found, TODAY + timedelta(days=1)) is Result.STALE


def test_what_is_not_known_is_missing() -> None:
    assert judge(condition("c", "x"), None, TODAY) is Result.MISSING


def test_a_text_is_not_compared_with_a_number() -> None:
    with pytest.raises(TypeError):
        judge(condition("c", "x", Test.AT_LEAST, 5), known("x", "many"), date(2026, 1, 1))


ALONE, EITHER, OR = condition("alone"), condition("either", group="g"), condition("or", group="g")


@pytest.mark.parametrize(
    ("alone", "either", "or_", "outcome"),
    [
        (Result.MET, Result.MET, Result.NOT_MET, Outcome.ELIGIBLE),
        (Result.MET, Result.MISSING, Result.MET, Outcome.ELIGIBLE),
        (Result.MET, Result.NOT_MET, Result.NOT_MET, Outcome.NOT_ELIGIBLE),
        (Result.MET, Result.NOT_MET, Result.STALE, Outcome.INCOMPLETE),
        (Result.MISSING, Result.MET, Result.NOT_MET, Outcome.INCOMPLETE),
        (Result.NOT_MET, Result.MISSING, Result.MISSING, Outcome.NOT_ELIGIBLE),
    ],
)
def test_conditions_hold_together_and_one_alternative_is_enough(
    alone: Result, either: Result, or_: Result, outcome: Outcome
) -> None:
    results = {"alone": alone, "either": either, "or": or_}
    assert together((ALONE, EITHER, OR), results) is outcome
