"""The financier asks for more information."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import InformationKind, State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class RequestInformation:
    """What kinds of information are missing."""

    referral_id: str
    kinds: tuple[InformationKind, ...]
    etag: str = ""


def request_information(command: RequestInformation, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, ReferralFull or WrongState."""
    referral = referrals.get(filter(caller, "incoming-referral"), command.referral_id, etag=command.etag)
    referral.request_information(command.kinds, saga.moment(referral.country, State.INFORMATION_REQUESTED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
