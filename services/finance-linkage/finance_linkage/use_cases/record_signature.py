"""The financier says on which day the contract was signed."""

from dataclasses import dataclass
from datetime import date

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class RecordSignature:
    """The day of the signature."""

    referral_id: str
    signed_on: date
    etag: str = ""


def record_signature(command: RecordSignature, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, DayInvalid or WrongState."""
    referral = referrals.get(filter(caller, "incoming-referral"), command.referral_id, etag=command.etag)
    referral.sign(command.signed_on, saga.moment(referral.country, State.SIGNED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
