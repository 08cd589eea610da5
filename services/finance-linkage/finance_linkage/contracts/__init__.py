"""Recorded facts as the contract's messages, and the stream that each of them goes to, or none."""

from collections.abc import Mapping
from typing import Any

from chassis.facts import PRIVATE, Public, Routes, Translate, public
from finance_linkage.contracts import factories, products, referrals, results
from finance_linkage.domain import facts


def _country(_: Any, aggregate: Any) -> Mapping[str, str]:
    return {"country": aggregate.country}


def _to(stream: str, translate: Translate) -> Public:
    return public(f"finance-linkage-{stream}", translate, extensions=_country)


ROUTES = Routes(
    facts,
    {
        facts.ProductRevised: public("finance-linkage-products", products.revised),
        facts.EligibilityDecided: _to("eligibility", factories.decided),
        facts.TierChanged: _to("eligibility", factories.tier_changed),
        facts.ReceiptRenewed: PRIVATE,
        facts.EnvironmentalRecordSubmitted: _to("environment", factories.environmental_record_submitted),
        facts.BuyerScoreRecorded: _to("profiles", factories.buyer_score_recorded),
        facts.OwnershipRecorded: _to("profiles", factories.ownership_recorded),
        facts.ReferralProposed: _to("referrals", referrals.proposed),
        facts.ReferralConsented: _to("referrals", referrals.consented),
        facts.ConsentTermMoved: PRIVATE,
        facts.EvidencePackFrozen: _to("referrals", referrals.pack_frozen),
        facts.ReferralSent: _to("referrals", referrals.sent),
        facts.ReferralAcknowledged: _to("referrals", referrals.acknowledged),
        facts.InformationRequested: _to("referrals", referrals.information_requested),
        facts.InformationProvided: _to("referrals", referrals.information_provided),
        facts.ReferralApproved: _to("referrals", results.approved),
        facts.ReferralDeclined: _to("referrals", results.declined),
        facts.ReferralSigned: _to("referrals", results.signed),
        facts.ReferralDisbursed: _to("referrals", results.disbursed),
        facts.ReferralOutcomeRecorded: _to("referrals", results.outcome_recorded),
        facts.ReferralClosed: _to("referrals", results.closed),
        facts.ReferralStopped: _to("referrals", results.stopped),
        facts.AccessEnded: PRIVATE,
        facts.ReferralStepOverdue: _to("referrals", results.step_overdue),
    },
)
