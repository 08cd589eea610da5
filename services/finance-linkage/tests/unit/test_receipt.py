"""A receipt: the same inputs give the same bytes, in whatever order they come; any cited event that goes changes it."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from finance_linkage.domain.inputs import BUYER_SCORE, CODES, OFFER, PROGRAMME_HOLD, REPORT, Input, Inputs, Source
from finance_linkage.domain.product import Rules
from finance_linkage.domain.receipt import decide, extract
from finance_linkage.domain.rules import Outcome, Test

from .builders import NOW, TIERS, TODAY, condition, definition, known, of

CONDITIONS = (
    condition("report-recent", REPORT, fresh_days=540),
    condition("report-sufficient", REPORT, Test.AT_MOST, 45, fresh_days=540),
    condition("score", BUYER_SCORE, Test.AT_LEAST, 55, fresh_days=400),
)
PRODUCT = definition(CONDITIONS, tiers=TIERS)
GOOD = of(known(REPORT, 30, date(2026, 5, 1), "r"), known(BUYER_SCORE, 88, date(2026, 5, 20), "s"))

VALUES = st.one_of(st.none(), st.integers(0, 100))
SOURCES = st.lists(
    st.tuples(st.integers(0, 400), st.text("abcdef0123456789", min_size=4, max_size=8)), max_size=4, unique=True
)
FOUND = st.dictionaries(st.sampled_from([one for one in CODES if one != OFFER]), st.tuples(VALUES, SOURCES))


def _inputs(found: dict[str, tuple[int | None, list[tuple[int, str]]]], order: random.Random) -> Inputs:
    """The same inputs with codes and sources in another order."""
    rows = []
    for code, (value, sources) in found.items():
        events = [Source(NOW - timedelta(days=days), event) for days, event in sources]
        order.shuffle(events)
        since = NOW if value is None else None
        rows.append(Input(code, value, tuple(events), TODAY - timedelta(days=7), since))
    order.shuffle(rows)
    return Inputs.of("bd-1001", "BD", rows)


@settings(max_examples=100, deadline=None)
@given(FOUND, st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_the_same_inputs_give_the_same_bytes_in_any_order(
    found: dict[str, tuple[int | None, list[tuple[int, str]]]], one: random.Random, other: random.Random
) -> None:
    first = decide("p", PRODUCT, _inputs(found, one), TODAY)
    second = decide("p", PRODUCT, _inputs(found, other), TODAY)
    assert first.canonical == second.canonical
    assert first == second
    assert first.digest == hashlib.sha256(first.canonical).hexdigest()


def test_it_says_outcome_tier_inputs_and_conditions() -> None:
    said = json.loads(decide("p", PRODUCT, GOOD, TODAY).canonical)
    assert (said["outcome"], said["tier"], said["rules"], said["format"]) == (
        "eligible",
        "gold",
        "2026.1-abc",
        "amplify-receipt/1",
    )
    assert [one["code"] for one in said["inputs"]] == ["assessment-report", "buyer-score", "product-offer"]
    assert said["inputs"][0]["sources"] == [{"event": "r", "time": "2026-04-22T05:00:00.000Z"}]
    assert {one["result"] for one in said["conditions"]} == {"met"}


def test_dropping_any_cited_event_changes_it() -> None:
    before = decide("p", PRODUCT, GOOD, TODAY).digest
    for code in (REPORT, BUYER_SCORE):
        without = {**GOOD.known, code: replace(GOOD.known[code], sources=())}
        assert decide("p", PRODUCT, Inputs("bd-1001", "BD", without), TODAY).digest != before


def test_an_input_that_no_rule_asks_for_is_not_in_it() -> None:
    more = Inputs("bd-1001", "BD", {**GOOD.known, "open-osh-lines": known("open-osh-lines", 3)})
    assert decide("p", PRODUCT, more, TODAY) == decide("p", PRODUCT, GOOD, TODAY)


def test_it_stays_the_same_until_a_day_changes_something_and_names_that_day() -> None:
    today = decide("p", PRODUCT, GOOD, TODAY)
    assert today.recheck_on == date(2026, 5, 20) + timedelta(days=401)
    day_before = decide("p", PRODUCT, GOOD, today.recheck_on - timedelta(days=1))
    assert day_before.canonical == today.canonical
    then = decide("p", PRODUCT, GOOD, today.recheck_on)
    assert (then.outcome, then.tier, then.missing) == (Outcome.INCOMPLETE, "", (BUYER_SCORE,))
    stale = next(one for one in json.loads(then.canonical)["inputs"] if one["code"] == BUYER_SCORE)
    assert stale["stale_since"] == "2027-06-25T00:00:00.000Z"


def test_what_is_missing_says_since_when() -> None:
    missing = Inputs.of("bd-1001", "BD", [Input(REPORT, None, missing_since=NOW)])
    found = decide("p", PRODUCT, missing, TODAY)
    assert (found.outcome, found.missing) == (Outcome.INCOMPLETE, (REPORT, BUYER_SCORE))
    assert json.loads(found.canonical)["inputs"][0]["missing_since"] == "2026-06-01T05:00:00.000Z"


def test_the_rules_of_the_day_decide() -> None:
    strict = Rules("2026.2-def", date(2026, 9, 1), (condition("score", BUYER_SCORE, Test.AT_LEAST, 95),), "")
    product = replace(PRODUCT, rules=(*PRODUCT.rules, strict))
    assert decide("p", product, GOOD, date(2026, 8, 31)).outcome is Outcome.ELIGIBLE
    later = decide("p", product, GOOD, date(2026, 9, 1))
    assert (later.outcome, later.rule_version) == (Outcome.NOT_ELIGIBLE, "2026.2-def")
    assert decide("p", product, GOOD, TODAY).recheck_on == date(2026, 9, 1)


def test_a_product_that_is_not_offered_is_nobodys() -> None:
    ended = replace(PRODUCT, effective_until=date(2026, 5, 31))
    found = decide("p", ended, GOOD, TODAY)
    assert found.outcome is Outcome.NOT_ELIGIBLE
    assert [one["condition"] for one in json.loads(found.canonical)["changes"]] == ["product-offered"]
    assert decide("p", replace(PRODUCT, effective_until=TODAY), GOOD, TODAY).recheck_on == TODAY + timedelta(days=1)


HELD = (condition("no-hold", PROGRAMME_HOLD, Test.IS, "none"), *CONDITIONS)


def extracted(report: int, hold: str) -> dict[str, Any]:
    """The extract of a decision on a factory with this report and hold."""
    found = of(known(PROGRAMME_HOLD, hold), known(REPORT, report, date(2026, 5, 1)), known(BUYER_SCORE, 88, TODAY))
    return extract(json.loads(decide("p", definition(HELD, tiers=TIERS), found, TODAY).canonical))


def test_an_extract_gives_the_same_no_grounds_for_a_hold_as_for_anything_else() -> None:
    assert extracted(30, "held") == extracted(60, "none") == extracted(60, "held")
    assert extracted(30, "held")["outcome"] == Outcome.NOT_ELIGIBLE.value


def test_an_extract_of_what_is_eligible_has_no_word_for_holds() -> None:
    shown = extracted(30, "none")
    assert "hold" not in json.dumps(shown)
    assert [one["code"] for one in shown["conditions"]] == ["product-offered", *(one.code for one in CONDITIONS)]
