"""The financier says that it decided to approve."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.money import Money
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class ApproveReferral:
    """How much it approved."""

    referral_id: str
    amount: Money
    etag: str = ""


def approve_referral(command: ApproveReferral, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, CurrencyForeign, AmountZero, AmountTooHigh or WrongState."""
    referral = referrals.get(filter(caller, "incoming-referral"), command.referral_id, etag=command.etag)
    referral.approve(command.amount, saga.moment(referral.country, State.APPROVED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
