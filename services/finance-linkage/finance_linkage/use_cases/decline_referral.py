"""The financier says that it decided to decline."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import DeclineReason, State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class DeclineReferral:
    """Why, as a code."""

    referral_id: str
    reason: DeclineReason
    etag: str = ""


def decline_referral(command: DeclineReferral, caller: Identity) -> Referral:
    """Raises NotFound, Aborted or WrongState."""
    referral = referrals.get(filter(caller, "incoming-referral"), command.referral_id, etag=command.etag)
    referral.decline(command.reason, saga.moment(referral.country, State.DECLINED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
