"""A factory or its officer stops a referral that is not wanted any more."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State, StopReason
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class StopReferral:
    """Why, as a code; consents are taken back in the ledger instead."""

    referral_id: str
    reason: StopReason
    etag: str = ""


def stop_referral(command: StopReferral, caller: Identity) -> Referral:
    """Raises NotFound, Aborted or WrongState."""
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    referral.stop(command.reason, saga.moment(referral.country, State.STOPPED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
