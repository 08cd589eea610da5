"""What a factory is told when a decision changes, and what it is not."""

from finance_linkage.domain import facts
from finance_linkage.domain.eligibility import Eligibility
from finance_linkage.domain.receipt import Receipt
from finance_linkage.domain.rules import Outcome

from .builders import NOW, TIERS


def receipt(digest: str, outcome: Outcome = Outcome.ELIGIBLE, tier: str = "gold", *missing: str) -> Receipt:
    """A receipt of the supplier finance product."""
    return Receipt(digest, b"{}", "supplier-finance", "2026.1", outcome, tier, missing, None)


def after(*receipts: Receipt) -> list[object]:
    """What was recorded when the last of these was taken over."""
    eligibility = Eligibility("bd-1001", "BD")
    for one in receipts:
        eligibility.recorded.clear()
        eligibility.decide(one, TIERS, NOW)
    return eligibility.recorded


def test_a_first_decision_is_told_without_a_previous_one() -> None:
    (fact,) = after(receipt("a"))
    assert isinstance(fact, facts.EligibilityDecided)
    assert (fact.outcome, fact.previous, fact.tier) == (Outcome.ELIGIBLE, None, "gold")


def test_the_same_receipt_changes_nothing() -> None:
    assert after(receipt("a"), receipt("a")) == []


def test_other_inputs_with_the_same_decision_stay_private() -> None:
    (fact,) = after(receipt("a"), receipt("b"))
    assert isinstance(fact, facts.ReceiptRenewed)


def test_other_missing_inputs_are_told() -> None:
    first, second = (receipt(one, Outcome.INCOMPLETE, "", name) for one, name in (("a", "x"), ("b", "y")))
    (fact,) = after(first, second)
    assert isinstance(fact, facts.EligibilityDecided)
    assert fact.missing == ("y",)


def test_a_downgrade_is_a_fact_of_its_own() -> None:
    decided, changed = after(receipt("a"), receipt("b", tier="silver"))
    assert isinstance(decided, facts.EligibilityDecided)
    assert isinstance(changed, facts.TierChanged)
    assert (changed.from_tier, changed.to_tier, changed.downgrade) == ("gold", "silver", True)


def test_an_upgrade_is_none_and_a_lost_tier_is_one() -> None:
    upgrade = after(receipt("a", tier="silver"), receipt("b", tier="gold"))[-1]
    assert isinstance(upgrade, facts.TierChanged)
    assert not upgrade.downgrade
    lost = after(receipt("a", tier="silver"), receipt("b", Outcome.NOT_ELIGIBLE, ""))[-1]
    assert isinstance(lost, facts.TierChanged)
    assert (lost.to_tier, lost.downgrade) == ("", True)
