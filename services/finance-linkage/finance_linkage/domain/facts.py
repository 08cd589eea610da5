"""What happened, in the past tense: ids, codes, numbers and times, never a person's words."""

from dataclasses import dataclass
from datetime import date, datetime

from finance_linkage.domain.fact import ReferralFact
from finance_linkage.domain.figures import Figures, Verification
from finance_linkage.domain.money import Money
from finance_linkage.domain.rules import Outcome
from finance_linkage.domain.states import DeclineReason, InformationKind, Side, State, StopReason


@dataclass(frozen=True)
class ProductRevised:
    """A product was defined, or its definition changed."""

    product_id: str
    at: datetime


@dataclass(frozen=True)
class EligibilityDecided:
    """Outcome, tier or missing inputs of a product changed. `previous` is None for the first decision."""

    factory_id: str
    country: str
    product_id: str
    outcome: Outcome
    previous: Outcome | None
    tier: str
    missing: tuple[str, ...]
    receipt: str
    rule_version: str
    at: datetime


@dataclass(frozen=True)
class TierChanged:
    """The factory came into another tier, or out of them all."""

    factory_id: str
    country: str
    product_id: str
    from_tier: str
    to_tier: str
    downgrade: bool
    receipt: str
    at: datetime


@dataclass(frozen=True)
class ReceiptRenewed:
    """The decision stands, on other inputs: its receipt is another one. Private."""

    product_id: str
    receipt: str
    at: datetime


@dataclass(frozen=True)
class EnvironmentalRecordSubmitted:
    """The record of a year was submitted, or corrected."""

    record_id: str
    factory_id: str
    country: str
    year: int
    revision: int
    figures: Figures
    verification: Verification
    at: datetime


@dataclass(frozen=True)
class BuyerScoreRecorded:
    """A buyer's score was recorded."""

    factory_id: str
    country: str
    buyer_programme: str
    score: int
    scored_on: date
    at: datetime


@dataclass(frozen=True)
class OwnershipRecorded:
    """Who owns the factory was recorded."""

    factory_id: str
    country: str
    women_owned_percent: int
    women_board_percent: int
    as_of_day: date
    at: datetime


@dataclass(frozen=True)
class ReferralProposed(ReferralFact):
    """An officer proposed to refer a factory."""


@dataclass(frozen=True)
class ReferralConsented(ReferralFact):
    """The factory consents."""

    grant_id: str
    expires_at: datetime


@dataclass(frozen=True)
class ConsentTermMoved(ReferralFact):
    """The factory moved the end of its consent. Private: the ledger told it."""

    grant_id: str
    expires_at: datetime


@dataclass(frozen=True)
class EvidencePackFrozen(ReferralFact):
    """The evidence pack is frozen."""

    pack_digest: str
    receipt: str
    assessment_id: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class ReferralSent(ReferralFact):
    """The financier can read it from now on, under this grant."""

    grant_id: str


@dataclass(frozen=True)
class ReferralAcknowledged(ReferralFact):
    """The financier said that it has arrived."""


@dataclass(frozen=True)
class InformationRequested(ReferralFact):
    """The financier asked for more."""

    kinds: tuple[InformationKind, ...]
    round: int


@dataclass(frozen=True)
class InformationProvided(ReferralFact):
    """The officer said that it was provided."""

    round: int


@dataclass(frozen=True)
class ReferralApproved(ReferralFact):
    """The financier decided to approve."""

    amount: Money


@dataclass(frozen=True)
class ReferralDeclined(ReferralFact):
    """The financier decided to decline."""

    reason: DeclineReason


@dataclass(frozen=True)
class ReferralSigned(ReferralFact):
    """The contract was signed."""

    signed_on: date


@dataclass(frozen=True)
class ReferralDisbursed(ReferralFact):
    """The financier paid money; `total` is all of it so far."""

    amount: Money
    total: Money
    number: int
    paid_on: date


@dataclass(frozen=True)
class ReferralOutcomeRecorded(ReferralFact):
    """What came of the money."""

    issues_closed: int
    yearly_savings: Money
    jobs: int
    jobs_held_by_women: int


@dataclass(frozen=True)
class ReferralClosed(ReferralFact):
    """The referral has run its course."""


@dataclass(frozen=True)
class ReferralStopped(ReferralFact):
    """The referral was stopped."""

    reason: StopReason
    stopped_in: State


@dataclass(frozen=True)
class AccessEnded(ReferralFact):
    """The consent ended after money was paid: the financier sees nothing more. Private: the ledger told it."""

    reason: StopReason


@dataclass(frozen=True)
class ReferralStepOverdue(ReferralFact):
    """The day on which a step was due has passed."""

    state: State
    waiting_for: Side
