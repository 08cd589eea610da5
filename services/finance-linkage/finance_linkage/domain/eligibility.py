"""What a factory is eligible for: the last decision on each product, and what changes from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from finance_linkage.domain.facts import EligibilityDecided, ReceiptRenewed, TierChanged
from finance_linkage.domain.product import Tier
from finance_linkage.domain.receipt import Receipt
from finance_linkage.domain.rules import Outcome


@dataclass(frozen=True)
class Decision:
    """The last decision on one product; `at` is when outcome, tier or missing inputs last changed."""

    product_id: str
    outcome: Outcome
    tier: str
    missing: tuple[str, ...]
    receipt: str
    at: datetime


@dataclass
class Eligibility:
    """One factory; `id` is its id. Decisions stand by product. `recheck_on` is when the days alone may change one."""

    id: str
    country: str
    decisions: list[Decision] = field(default_factory=list)
    recheck_on: date | None = None
    recorded: list[object] = field(default_factory=list)

    def decision(self, product_id: str) -> Decision | None:
        """The last decision on a product, if there is one."""
        return next((one for one in self.decisions if one.product_id == product_id), None)

    def decide(self, receipt: Receipt, tiers: Sequence[Tier], now: datetime) -> None:
        """Takes over a decision. One that says the same changes nothing; other inputs with the same outcome, tier and
        missing inputs change the receipt alone, and nobody is told."""
        before = self.decision(receipt.product_id)
        if before is not None and before.receipt == receipt.digest:
            return
        said = (receipt.outcome, receipt.tier, receipt.missing)
        unchanged = before is not None and said == (before.outcome, before.tier, before.missing)
        at = before.at if before is not None and unchanged else now
        decided = Decision(receipt.product_id, *said, receipt.digest, at)
        others = [one for one in self.decisions if one.product_id != receipt.product_id]
        self.decisions = sorted([*others, decided], key=lambda one: one.product_id)
        if unchanged:
            self.recorded.append(ReceiptRenewed(receipt.product_id, receipt.digest, now))
            return
        self._record(before, receipt, now)
        if before is not None and before.tier and before.tier != receipt.tier:
            self._record_tier(before.tier, receipt, tiers, now)

    def _record(self, before: Decision | None, receipt: Receipt, now: datetime) -> None:
        self.recorded.append(
            EligibilityDecided(
                self.id,
                self.country,
                receipt.product_id,
                receipt.outcome,
                before.outcome if before else None,
                receipt.tier,
                receipt.missing,
                receipt.digest,
                receipt.rule_version,
                now,
            )
        )

    def _record_tier(self, from_tier: str, receipt: Receipt, tiers: Sequence[Tier], now: datetime) -> None:
        ranks = {tier.code: tier.least_score for tier in tiers}
        downgrade = ranks.get(receipt.tier, -1) < ranks.get(from_tier, -1)
        self.recorded.append(
            TierChanged(
                self.id, self.country, receipt.product_id, from_tier, receipt.tier, downgrade, receipt.digest, now
            )
        )
