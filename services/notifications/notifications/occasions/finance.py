"""What finance-linkage says: eligibility, tiers and referrals; never a cause, an amount or an input of a decision."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.finance_linkage.v1 import eligibility_pb2, referral_states_pb2
from amplify.finance_linkage.v1.eligibility_events_pb2 import EligibilityDecided, TierChanged
from amplify.finance_linkage.v1.referral_events_pb2 import (
    EvidencePackFrozen,
    InformationProvided,
    InformationRequested,
    ReferralAcknowledged,
    ReferralConsented,
    ReferralProposed,
    ReferralSent,
)
from amplify.finance_linkage.v1.referral_result_events_pb2 import (
    ReferralApproved,
    ReferralClosed,
    ReferralDeclined,
    ReferralDisbursed,
    ReferralOutcomeRecorded,
    ReferralSigned,
    ReferralStepOverdue,
    ReferralStopped,
)
from chassis.consumer import Message
from notifications.domain.occasion import Occasion
from notifications.occasions.common import Words, occasion

TRAITS = frozenset(
    {
        "now-eligible",
        "no-longer-eligible",
        "downgrade",
        "improvement",
        "known-to-financier",
        "waiting-for-factory",
        "waiting-for-officer",
        "waiting-for-financier",
    }
)
ELIGIBLE = eligibility_pb2.ELIGIBILITY_OUTCOME_ELIGIBLE
BEFORE_SENDING = frozenset(
    {
        referral_states_pb2.REFERRAL_STATE_PROPOSED,
        referral_states_pb2.REFERRAL_STATE_CONSENTED,
        referral_states_pb2.REFERRAL_STATE_PACK_FROZEN,
    }
)


def _decided(fact: EligibilityDecided, message: Message) -> Occasion:
    """News only where the factory may be referred now, or may be no longer; another first answer is none."""
    traits = set()
    if fact.outcome == ELIGIBLE and fact.previous_outcome != ELIGIBLE:
        traits.add("now-eligible")
    if fact.outcome != ELIGIBLE and fact.previous_outcome == ELIGIBLE:
        traits.add("no-longer-eligible")
    return occasion(fact, message, {"product_id": fact.product_id}, traits=frozenset(traits))


def _tier(fact: TierChanged, message: Message) -> Occasion:
    trait = "downgrade" if fact.downgrade else "improvement"
    return occasion(fact, message, {"product_id": fact.product_id}, traits=frozenset({trait}))


def _referral(fact: Any, message: Message, words: Words | None = None, *traits: str) -> Occasion:
    return occasion(
        fact,
        message,
        {"product_id": fact.product_id, **(words or {})},
        subject_id=fact.referral_id,
        organisation_id=fact.financier_id,
        people=(fact.proposed_by,) if fact.proposed_by else (),
        traits=frozenset(traits),
    )


def _step(fact: Any, message: Message) -> Occasion:
    """A step with a day by which the next one is due."""
    return _referral(fact, message, {"due_day": fact.due_day})


def _stopped(fact: ReferralStopped, message: Message) -> Occasion:
    """A financier that never had the referral does not learn that there was one."""
    known = () if fact.stopped_in in BEFORE_SENDING else ("known-to-financier",)
    return _referral(fact, message, None, *known)


def _overdue(fact: ReferralStepOverdue, message: Message) -> Occasion:
    who = referral_states_pb2.WaitingFor.Name(fact.waiting_for).removeprefix("WAITING_FOR_").lower()
    return _referral(fact, message, {"due_day": fact.due_day}, f"waiting-for-{who}")


OCCASIONS: Mapping[type[Proto], Callable[[Any, Message], Occasion]] = {
    EligibilityDecided: _decided,
    TierChanged: _tier,
    ReferralProposed: _step,
    ReferralConsented: _step,
    EvidencePackFrozen: _referral,
    ReferralSent: _step,
    ReferralAcknowledged: _referral,
    InformationRequested: _step,
    InformationProvided: _step,
    ReferralApproved: _referral,
    ReferralDeclined: _referral,
    ReferralSigned: _referral,
    ReferralDisbursed: _referral,
    ReferralOutcomeRecorded: _referral,
    ReferralClosed: _referral,
    ReferralStopped: _stopped,
    ReferralStepOverdue: _overdue,
}
