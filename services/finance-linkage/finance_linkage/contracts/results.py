"""Facts about a referral from the financier's decision on."""

from amplify.finance_linkage.v1 import referral_result_events_pb2 as events
from finance_linkage.contracts.shared import contract_date, contract_money, head
from finance_linkage.domain import facts
from finance_linkage.domain.referral import Referral
from finance_linkage.enums import to_contract


def approved(fact: facts.ReferralApproved, referral: Referral) -> events.ReferralApproved:
    """The financier decided to approve."""
    message = events.ReferralApproved(
        **head(referral), approved_amount=contract_money(fact.amount), due_day=contract_date(fact.due_day)
    )
    message.approve_time.FromDatetime(fact.at)
    return message


def declined(fact: facts.ReferralDeclined, referral: Referral) -> events.ReferralDeclined:
    """The financier decided to decline."""
    message = events.ReferralDeclined(**head(referral), reason=to_contract(fact.reason))
    message.decline_time.FromDatetime(fact.at)
    return message


def signed(fact: facts.ReferralSigned, referral: Referral) -> events.ReferralSigned:
    """The contract was signed."""
    message = events.ReferralSigned(
        **head(referral), signed_on=contract_date(fact.signed_on), due_day=contract_date(fact.due_day)
    )
    message.record_time.FromDatetime(fact.at)
    return message


def disbursed(fact: facts.ReferralDisbursed, referral: Referral) -> events.ReferralDisbursed:
    """Money was paid."""
    message = events.ReferralDisbursed(
        **head(referral),
        amount=contract_money(fact.amount),
        disbursed_total=contract_money(fact.total),
        number=fact.number,
        paid_on=contract_date(fact.paid_on),
        due_day=contract_date(fact.due_day),
    )
    message.record_time.FromDatetime(fact.at)
    return message


def outcome_recorded(fact: facts.ReferralOutcomeRecorded, referral: Referral) -> events.ReferralOutcomeRecorded:
    """What came of it."""
    message = events.ReferralOutcomeRecorded(
        **head(referral),
        issues_closed=fact.issues_closed,
        yearly_savings=contract_money(fact.yearly_savings),
        jobs=fact.jobs,
        jobs_held_by_women=fact.jobs_held_by_women,
        due_day=contract_date(fact.due_day),
    )
    message.record_time.FromDatetime(fact.at)
    return message


def closed(fact: facts.ReferralClosed, referral: Referral) -> events.ReferralClosed:
    """It has run its course."""
    message = events.ReferralClosed(**head(referral))
    message.close_time.FromDatetime(fact.at)
    return message


def stopped(fact: facts.ReferralStopped, referral: Referral) -> events.ReferralStopped:
    """It was stopped."""
    message = events.ReferralStopped(
        **head(referral), reason=to_contract(fact.reason), stopped_in=to_contract(fact.stopped_in)
    )
    message.stop_time.FromDatetime(fact.at)
    return message


def step_overdue(fact: facts.ReferralStepOverdue, referral: Referral) -> events.ReferralStepOverdue:
    """A step was not done in time."""
    message = events.ReferralStepOverdue(
        **head(referral),
        state=to_contract(fact.state),
        waiting_for=to_contract(fact.waiting_for),
        due_day=contract_date(fact.due_day),
    )
    message.overdue_time.FromDatetime(fact.at)
    return message
