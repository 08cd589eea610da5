"""Referrals and evidence packs as the contract shows them, to staff and factories and to financiers."""

from collections.abc import Mapping
from typing import Any

from amplify.finance_linkage.v1 import evidence_pack_pb2, incoming_referral_pb2, money_pb2, referral_pb2
from chassis.database import Row
from chassis.identity import Identity
from finance_linkage.access import does
from finance_linkage.archive import pack_name
from finance_linkage.contracts.shared import contract_date, contract_money
from finance_linkage.domain.evidence import reveal
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.terms import Disbursement, InformationRound
from finance_linkage.enums import to_contract
from finance_linkage.presenting import moment
from finance_linkage.presenting_evidence import present_evidence
from finance_linkage.sagas.referral import staff_steps


def present_referral(referral: Referral, etag: str, caller: Identity) -> referral_pb2.Referral:
    """A referral as staff and its factory see it, with what the caller may do."""
    message = referral_pb2.Referral(
        name=f"referrals/{referral.id}",
        financier=f"organisations/{referral.financier_id}",
        lines=referral.lines,
        waiting_for=to_contract(referral.waiting_for),
        overdue=referral.overdue,
        access_ended=referral.access_ended,
        state_time=moment(referral.state_at),
        proposed_by=referral.proposed_by,
        propose_time=moment(referral.proposed_at),
        receipt=f"receipts/{referral.receipt}",
        consent_grant=f"consentGrants/{referral.grant_id}" if referral.grant_id else "",
        pack_digest=referral.pack_digest or "",
        stop_reason=to_contract(referral.stop_reason),
        etag=etag,
        allowed_steps=[to_contract(step) for step in staff_steps(referral) if does(caller, step)],
        **_shared(referral),
    )
    if referral.outcome is not None:
        message.outcome.CopyFrom(
            referral_pb2.ReferralOutcome(
                issues_closed=referral.outcome.issues_closed,
                yearly_savings=contract_money(referral.outcome.yearly_savings),
                jobs=referral.outcome.jobs,
                jobs_held_by_women=referral.outcome.jobs_held_by_women,
            )
        )
    return message


def present_incoming(referral: Referral, etag: str, grant_id: str) -> incoming_referral_pb2.IncomingReferral:
    """A referral as its financier sees it, under the grant that opens it now."""
    return incoming_referral_pb2.IncomingReferral(
        name=f"incomingReferrals/{referral.id}",
        send_time=moment(referral.sent_at),
        consent_grant=f"consentGrants/{grant_id}",
        etag=etag,
        **_shared(referral),
    )


def present_pack(row: Row) -> evidence_pack_pb2.EvidencePack:
    """A pack as it is kept."""
    return evidence_pack_pb2.EvidencePack(
        name=f"referrals/{pack_name(row)}",
        digest=row["digest"],
        evidence=present_evidence(row["pack"]),
        freeze_time=moment(row["frozen_at"]),
        etag=f'"{row["digest"]}"',
    )


def present_incoming_pack(
    row: Row, grant_id: str, fields: tuple[str, ...]
) -> incoming_referral_pb2.IncomingEvidencePack:
    """A pack as its financier sees it: without the parts that the factory does not open any more."""
    shown, withheld = reveal(row["pack"], fields)
    return incoming_referral_pb2.IncomingEvidencePack(
        name=f"incomingReferrals/{pack_name(row)}",
        digest=row["digest"],
        evidence=present_evidence(shown),
        withheld_parts=withheld,
        freeze_time=moment(row["frozen_at"]),
        consent_grant=f"consentGrants/{grant_id}",
        etag=f'"{row["digest"]}/{",".join(shown["parts"])}"',
    )


def sum_of(minor_units: int, currency: str) -> money_pb2.Money:
    """A sum in the currency of its referrals."""
    return money_pb2.Money(minor_units=minor_units, currency_code=currency)


def _shared(referral: Referral) -> Mapping[str, Any]:
    """What every reader of a referral sees."""
    return {
        "factory": f"factories/{referral.factory_id}",
        "country": referral.country,
        "product": f"products/{referral.product_id}",
        "amount": contract_money(referral.amount),
        "state": to_contract(referral.state),
        "due_day": contract_date(referral.due_day),
        "information_rounds": [_round(one) for one in referral.rounds],
        "decision": _decision(referral),
        "signed_on": contract_date(referral.signed_on),
        "disbursements": [_payment(one) for one in referral.disbursements],
    }


def _round(one: InformationRound) -> referral_pb2.InformationRound:
    return referral_pb2.InformationRound(
        kinds=map(to_contract, one.kinds),
        request_time=moment(one.requested_at),
        provide_time=moment(one.provided_at),
        parts=one.parts,
        addendum_digest=one.digest,
        references=one.references,
    )


def _payment(one: Disbursement) -> referral_pb2.Disbursement:
    return referral_pb2.Disbursement(
        number=one.number,
        amount=contract_money(one.amount),
        paid_on=contract_date(one.paid_on),
        record_time=moment(one.recorded_at),
    )


def _decision(referral: Referral) -> referral_pb2.FinancierDecision | None:
    if referral.decided_at is None:
        return None
    return referral_pb2.FinancierDecision(
        approved_amount=contract_money(referral.approved) if referral.approved else None,
        decline_reason=to_contract(referral.decline_reason),
        decide_time=moment(referral.decided_at),
    )
