"""Facts about a referral up to the financier's decision."""

from amplify.finance_linkage.v1 import referral_events_pb2 as events
from finance_linkage.contracts.shared import contract_date, contract_money, head
from finance_linkage.domain import facts
from finance_linkage.domain.referral import Referral
from finance_linkage.enums import to_contract


def proposed(fact: facts.ReferralProposed, referral: Referral) -> events.ReferralProposed:
    """An officer proposed it."""
    message = events.ReferralProposed(
        **head(referral),
        amount=contract_money(referral.amount),
        receipt_digest=referral.receipt,
        line_ids=referral.lines,
        due_day=contract_date(fact.due_day),
    )
    message.propose_time.FromDatetime(fact.at)
    return message


def consented(fact: facts.ReferralConsented, referral: Referral) -> events.ReferralConsented:
    """The factory consents."""
    message = events.ReferralConsented(**head(referral), grant_id=fact.grant_id, due_day=contract_date(fact.due_day))
    message.expire_time.FromDatetime(fact.expires_at)
    message.consent_time.FromDatetime(fact.at)
    return message


def pack_frozen(fact: facts.EvidencePackFrozen, referral: Referral) -> events.EvidencePackFrozen:
    """The evidence is frozen."""
    message = events.EvidencePackFrozen(
        **head(referral),
        pack_digest=fact.pack_digest,
        receipt_digest=fact.receipt,
        assessment_id=fact.assessment_id,
        parts=fact.parts,
        due_day=contract_date(fact.due_day),
    )
    message.freeze_time.FromDatetime(fact.at)
    return message


def sent(fact: facts.ReferralSent, referral: Referral) -> events.ReferralSent:
    """It was sent."""
    message = events.ReferralSent(
        **head(referral),
        grant_id=fact.grant_id,
        pack_digest=referral.pack_digest or "",
        due_day=contract_date(fact.due_day),
    )
    message.send_time.FromDatetime(fact.at)
    return message


def acknowledged(fact: facts.ReferralAcknowledged, referral: Referral) -> events.ReferralAcknowledged:
    """The financier has it."""
    message = events.ReferralAcknowledged(**head(referral), due_day=contract_date(fact.due_day))
    message.acknowledge_time.FromDatetime(fact.at)
    return message


def information_requested(fact: facts.InformationRequested, referral: Referral) -> events.InformationRequested:
    """The financier asks for more."""
    message = events.InformationRequested(
        **head(referral),
        kinds=map(to_contract, fact.kinds),
        round=fact.round,
        due_day=contract_date(fact.due_day),
    )
    message.request_time.FromDatetime(fact.at)
    return message


def information_provided(fact: facts.InformationProvided, referral: Referral) -> events.InformationProvided:
    """The officer answered."""
    message = events.InformationProvided(**head(referral), round=fact.round, due_day=contract_date(fact.due_day))
    message.provide_time.FromDatetime(fact.at)
    return message
