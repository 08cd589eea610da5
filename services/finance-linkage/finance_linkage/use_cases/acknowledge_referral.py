"""The financier says that a referral has arrived."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class AcknowledgeReferral:
    """Acknowledges this referral."""

    referral_id: str
    etag: str = ""


def acknowledge_referral(command: AcknowledgeReferral, caller: Identity) -> Referral:
    """Raises NotFound, Aborted or WrongState."""
    referral = referrals.get(filter(caller, "incoming-referral"), command.referral_id, etag=command.etag)
    referral.acknowledge(saga.moment(referral.country, State.ACKNOWLEDGED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
