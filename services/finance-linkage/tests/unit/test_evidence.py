"""An evidence pack holds what the factory opened, in counts and codes, and its digest is of exactly that."""

import hashlib
import json
from typing import Any

from finance_linkage.domain.evidence import PARTS, freeze, freeze_addendum, grouped, reveal
from finance_linkage.domain.states import InformationKind

CONTENT: dict[str, Any] = {
    "factory": "bd-1001",
    "product": "safety-remediation-line",
    "amount": {"minor_units": 5, "currency": "USD"},
    "company": None,
    "eligibility": {"receipt": "d" * 64},
    "environment": {"year": 2025},
    "improvement_lines": [{"id": "1"}],
    "report": {"assessment": "a"},
}


def test_without_fields_everything_there_is_goes_in() -> None:
    pack, digest = freeze(CONTENT, ())
    assert pack["parts"] == ["eligibility", "environment", "improvement_lines", "report"]
    assert "company" not in pack
    canonical = json.dumps(pack, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert digest == hashlib.sha256(canonical).hexdigest()


def test_only_what_the_consent_opens_goes_in() -> None:
    pack, _ = freeze(CONTENT, ("report", "training"))
    assert pack["parts"] == ["report"]
    assert set(pack) == {"factory", "product", "amount", "parts", "report"}


def test_what_is_not_open_any_more_is_withheld() -> None:
    pack, _ = freeze(CONTENT, ())
    shown, withheld = reveal(pack, ("report",))
    assert (shown["parts"], withheld) == (["report"], ["eligibility", "environment", "improvement_lines"])
    assert set(shown) & set(PARTS) == {"report"}
    assert reveal(pack, ()) == (pack, [])


def test_core_standards_are_counted_together() -> None:
    groups = grouped({"child-labour": (1, 3), "forced-labour": (0, 4), "working-time": (1, 3)})
    assert groups == [
        {"group": "core-standards", "non_compliant": 1, "assessed": 7},
        {"group": "working-time", "non_compliant": 1, "assessed": 3},
    ]


def test_an_addendum_holds_what_was_asked_for_and_is_opened() -> None:
    kinds = (InformationKind.PROGRESS_ON_FINDINGS, InformationKind.ENVIRONMENTAL_DATA, InformationKind.QUOTATIONS)
    whole, opened = freeze_addendum(CONTENT, (), kinds, 1), freeze_addendum(CONTENT, ("environment",), kinds, 2)
    assert whole is not None
    assert opened is not None
    assert whole[0]["parts"] == ["environment", "improvement_lines", "report"]
    assert (opened[0]["parts"], opened[0]["round"]) == (["environment"], 2)
    assert whole[1] != opened[1]


def test_there_is_no_addendum_of_what_is_not_known_or_not_opened() -> None:
    assert freeze_addendum(CONTENT, (), (InformationKind.QUOTATIONS, InformationKind.OWNERSHIP_PAPERS), 1) is None
    assert freeze_addendum(CONTENT, ("company",), (InformationKind.ENVIRONMENTAL_DATA,), 1) is None
