"""A finance officer closes a referral that has run its course."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class CloseReferral:
    """Closes this referral."""

    referral_id: str
    etag: str = ""


def close_referral(command: CloseReferral, caller: Identity) -> Referral:
    """Raises NotFound, Aborted or WrongState."""
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    referral.close(saga.moment(referral.country, State.CLOSED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
