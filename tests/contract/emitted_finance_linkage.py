"""How finance linkage comes to record each of its public facts, with the same data every time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from finance_linkage.contracts import ROUTES
from finance_linkage.domain.eligibility import Eligibility
from finance_linkage.domain.environmental_record import EnvironmentalRecord
from finance_linkage.domain.figures import Figures, HiggModule, Quantity, Score, Unit, Verification
from finance_linkage.domain.finance_profile import BuyerScore, FinanceProfile, Ownership
from finance_linkage.domain.money import Money
from finance_linkage.domain.product import Definition, Product, ProductKind, Rules, Tier
from finance_linkage.domain.receipt import Receipt
from finance_linkage.domain.referral import Moment, Referral, propose
from finance_linkage.domain.rules import Outcome
from finance_linkage.domain.states import DeclineReason, InformationKind, Side, State, StopReason
from finance_linkage.domain.terms import Outcome as Result

from .emitting import emitted

NOW = datetime(2026, 4, 20, 4, 30, tzinfo=UTC)
TODAY = date(2026, 4, 20)
OFFICER = "18d3b7f6-9e4c-4a25-b8f0-2c6a5d9e3f08"
REFERRAL = "5d0b8c1e-7a2f-4e36-9b4d-1f6c3a8e0d55"
GRANT = "c0ffee00-1b2c-4d3e-8f4a-5b6c7d8e9f10"
ASSESSMENT = "b6a1f7e2-3c4d-4e5f-8a9b-0c1d2e3f4a55"
LINE = "0f3c2b1a-9d8e-4f7a-8b6c-5d4e3f2a1b0c"
DIGESTS = {letter: letter * 64 for letter in "abcd"}
TIERS = (Tier("gold", 85, {"en": "Gold"}), Tier("silver", 70, {"en": "Silver"}))


def _product() -> Product:
    rules = (Rules("2026.1-1e1cae4cb50a", date(2026, 1, 1), (), ""),)
    definition = Definition(
        kind=ProductKind.SUPPLIER_FINANCE,
        titles={"en": "Supplier finance, North Sea programme"},
        countries=("BD", "KH"),
        financiers=("delta-bank",),
        buyer_programme="north-sea-suppliers",
        finances_lines_of="",
        least=Money(500_000, "USD"),
        most=Money(500_000_000, "USD"),
        effective_from=date(2026, 1, 1),
        effective_until=date(2028, 12, 31),
        tiers=TIERS,
        rules=rules,
        source="Published pages on supplier finance.",
    )
    return Product.define("supplier-finance-north-sea", definition, NOW)


def _receipt(letter: str, outcome: Outcome, tier: str, *missing: str) -> Receipt:
    return Receipt(
        DIGESTS[letter], b"{}", "supplier-finance-north-sea", "2026.1-1e1cae4cb50a", outcome, tier, missing, None
    )


def _decided(*receipts: Receipt) -> Eligibility:
    eligibility = Eligibility("bd-1001", "BD")
    for number, receipt in enumerate(receipts):
        eligibility.decide(receipt, TIERS, NOW + timedelta(days=number))
    return eligibility


INCOMPLETE = _receipt("a", Outcome.INCOMPLETE, "", "buyer-score")
GOLD = _receipt("b", Outcome.ELIGIBLE, "gold")
SILVER = _receipt("c", Outcome.ELIGIBLE, "silver")


def _record() -> EnvironmentalRecord:
    figures = Figures(
        Quantity(1_240, Unit.MEGAWATT_HOUR),
        Quantity(36_500, Unit.CUBIC_METRE),
        Quantity(8, Unit.TONNE),
        (Score(HiggModule.ENERGY, 61), Score(HiggModule.WATER, 48)),
    )
    return EnvironmentalRecord.submit("bd-1001", "BD", 2025, figures, Verification.VERIFIED, OFFICER, NOW)


def _scored() -> FinanceProfile:
    profile = FinanceProfile("bd-1001", "BD")
    score = BuyerScore("north-sea-suppliers", 88, date(2026, 4, 2), "register 12", NOW)
    profile.record_buyer_score(score, {"north-sea-suppliers"}, TODAY)
    return profile


def _owned() -> FinanceProfile:
    profile = FinanceProfile("bd-1001", "BD")
    profile.record_ownership(Ownership(60, 40, date(2026, 3, 1), "company register", NOW), TODAY)
    return profile


def _at(days: int, side: Side | None = Side.OFFICER) -> Moment:
    today = TODAY + timedelta(days=days)
    return Moment(NOW + timedelta(days=days), today, today + timedelta(days=14) if side else None, side)


def _proposed() -> Referral:
    return propose(
        REFERRAL,
        ("bd-1001", "BD"),
        "safety-remediation-line",
        "delta-bank",
        Money(4_500_000, "USD"),
        (LINE,),
        DIGESTS["a"],
        OFFICER,
        _at(0, Side.FACTORY),
    )


def _consented() -> Referral:
    referral = _proposed()
    referral.consent(GRANT, NOW + timedelta(days=365), _at(2))
    return referral


def _frozen() -> Referral:
    referral = _consented()
    referral.freeze(DIGESTS["d"], GRANT, DIGESTS["a"], ASSESSMENT, ("improvement_lines", "report"), _at(3))
    return referral


def _sent() -> Referral:
    referral = _frozen()
    referral.send(GRANT, _at(4, Side.FINANCIER))
    return referral


def _acknowledged() -> Referral:
    referral = _sent()
    referral.acknowledge(_at(6, Side.FINANCIER))
    return referral


def _asked() -> Referral:
    referral = _acknowledged()
    kinds = (InformationKind.FINANCIAL_STATEMENTS, InformationKind.INVESTMENT_PLAN)
    referral.request_information(kinds, _at(8))
    return referral


def _answered() -> Referral:
    referral = _asked()
    referral.provide_information("grant-1", (), "", (), _at(10, Side.FINANCIER))
    return referral


def _approved() -> Referral:
    referral = _answered()
    referral.approve(Money(4_000_000, "USD"), _at(20, Side.FINANCIER))
    return referral


def _declined() -> Referral:
    referral = _answered()
    referral.decline(DeclineReason.COLLATERAL, _at(20, None))
    return referral


def _signed() -> Referral:
    referral = _approved()
    referral.sign(date(2026, 5, 12), _at(25, Side.FINANCIER))
    return referral


def _paid() -> Referral:
    referral = _signed()
    referral.disburse(Money(2_500_000, "USD"), date(2026, 5, 15), _at(26))
    return referral


def _closed() -> Referral:
    referral = _paid()
    referral.record_outcome(Result(3, Money(610_000, "USD"), 40, 31), _at(200))
    return referral


def _ended() -> Referral:
    referral = _closed()
    referral.close(_at(201, None))
    return referral


def _stopped() -> Referral:
    referral = _sent()
    referral.lose_consent(GRANT, StopReason.CONSENT_WITHDRAWN, _at(5, None))
    return referral


def _overdue() -> Referral:
    referral = _sent()
    referral.escalate(State.SENT, replace(_at(19), due_day=None))
    return referral


MAKERS: dict[str, Callable[[], Any]] = {
    "ProductRevised/supplier-finance": _product,
    "EligibilityDecided/incomplete": lambda: _decided(INCOMPLETE),
    "EligibilityDecided/eligible": lambda: _decided(INCOMPLETE, GOLD),
    "TierChanged/downgrade": lambda: _decided(GOLD, SILVER),
    "EnvironmentalRecordSubmitted/verified": _record,
    "BuyerScoreRecorded/north-sea": _scored,
    "OwnershipRecorded/majority": _owned,
    "ReferralProposed/with-lines": _proposed,
    "ReferralConsented/by-the-factory": _consented,
    "EvidencePackFrozen/two-parts": _frozen,
    "ReferralSent/to-a-bank": _sent,
    "ReferralAcknowledged/by-the-bank": _acknowledged,
    "InformationRequested/first-round": _asked,
    "InformationProvided/first-round": _answered,
    "ReferralApproved/less-than-asked": _approved,
    "ReferralDeclined/collateral": _declined,
    "ReferralSigned/on-a-day": _signed,
    "ReferralDisbursed/first-payment": _paid,
    "ReferralOutcomeRecorded/in-numbers": _closed,
    "ReferralClosed/in-the-end": _ended,
    "ReferralStopped/consent-withdrawn": _stopped,
    "ReferralStepOverdue/not-acknowledged": _overdue,
}
EMITTED = emitted("amplify.finance_linkage.v1", ROUTES, MAKERS)
