"""A finance officer says that what the financier asked for was provided."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class ProvideInformation:
    """Answers the last question."""

    referral_id: str
    etag: str = ""


def provide_information(command: ProvideInformation, caller: Identity) -> Referral:
    """Raises NotFound, Aborted or WrongState."""
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    referral.provide_information(saga.moment(referral.country, State.ACKNOWLEDGED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
