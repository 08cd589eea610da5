"""The products' file: what is in it, and what it may not say."""

from datetime import date

import pytest
import yaml

from finance_linkage.catalogue import CatalogueError, load, loader
from finance_linkage.domain.product import ProductKind

TEXT = {"en": "x", "ar": "x"}


def one_product() -> dict[str, object]:
    """A sound definition of a product, as the file would say it."""
    condition = {"code": "c", "input": "assessment-report", "test": "at_most", "against": 4, "texts": TEXT}
    return {
        "kind": "safety_remediation_line",
        "titles": TEXT,
        "countries": ["BD"],
        "financiers": ["delta-bank"],
        "buyer_programme": "",
        "finances_lines_of": "",
        "amounts": {"currency": "USD", "least": 1, "most": 2},
        "effective_from": date(2026, 1, 1),
        "source": "",
        "rules": [{"version": "1", "effective_from": date(2026, 1, 1), "source": "", "conditions": [condition]}],
    }


def text(**changes: object) -> str:
    """The file with one product, changed."""
    return yaml.safe_dump({"products": {"line": one_product() | changes}})


def test_every_kind_of_product_is_there_with_words_in_both_languages() -> None:
    products = load()
    assert {one.kind for one in products.values()} == set(ProductKind)
    for definition in products.values():
        texts = [definition.titles, *(c.texts for rules in definition.rules for c in rules.conditions)]
        assert all(set(one) == loader.LANGUAGES and all(one.values()) for one in texts)
        assert any(one.input == "programme-hold" for rules in definition.rules for one in rules.conditions)


def test_a_version_ends_in_a_digest_of_what_decides() -> None:
    before = load(text())["line"].rules[0].version
    rules = one_product()["rules"]
    assert isinstance(rules, list)
    rules[0]["conditions"][0]["against"] = 5
    assert load(text(rules=rules))["line"].rules[0].version != before
    assert load(text(titles=TEXT | {"en": "other words"}))["line"].rules[0].version == before


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "gift"},
        {"amounts": {"currency": "USD", "least": -1, "most": 2}},
        {"amounts": {"currency": "USD", "least": 3, "most": 2}},
        {"amounts": {"currency": "dollars", "least": 1, "most": 2}},
        {"titles": {"en": "x"}},
        {"buyer_programme": "north-sea-suppliers"},
        {"tiers": [{"code": "gold", "least_score": 85, "titles": TEXT}]},
        {"effective_from": "soon"},
        {"rules": [{"version": "1", "effective_from": date(2026, 1, 1), "source": "", "conditions": []}]},
        {"countries": None},
    ],
)
def test_what_cannot_be_so_is_refused(changes: dict[str, object]) -> None:
    assert load(text())
    with pytest.raises(CatalogueError):
        load(text(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"input": "rumour"},
        {"against": "many"},
        {"test": "known"},
        {"fresh_days": 0},
        {"texts": {"en": "x"}},
    ],
)
def test_a_condition_that_cannot_be_so_is_refused(changes: dict[str, object]) -> None:
    rules = one_product()["rules"]
    assert isinstance(rules, list)
    rules[0]["conditions"][0] |= changes
    with pytest.raises(CatalogueError):
        load(text(rules=rules))
