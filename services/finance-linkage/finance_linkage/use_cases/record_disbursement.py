"""The financier says that it paid money to the factory."""

from dataclasses import dataclass
from datetime import date

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.money import Money
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class RecordDisbursement:
    """How much, and on which day."""

    referral_id: str
    amount: Money
    paid_on: date
    etag: str = ""


def record_disbursement(command: RecordDisbursement, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, CurrencyForeign, AmountZero, AmountTooHigh, DayInvalid, ReferralFull or WrongState."""
    referral = referrals.get(filter(caller, "incoming-referral"), command.referral_id, etag=command.etag)
    referral.disburse(command.amount, command.paid_on, saga.moment(referral.country, State.DISBURSED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
