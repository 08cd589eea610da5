"""A finance officer sends a referral to its financier, which can read it from then on."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage import consents
from finance_linkage.deciding import eligible_decision
from finance_linkage.domain.errors import ConsentNotLive
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class SendReferral:
    """Sends this referral."""

    referral_id: str
    etag: str = ""


def send_referral(command: SendReferral, caller: Identity) -> Referral:
    """Programme is asked for the consent at this moment; a grant that ended since the freezing is no consent.

    Raises NotFound, Aborted, ConsentNotLive, NotEligible or WrongState, or Unavailable where nobody can be asked.
    """
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    grant = consents.ask().live(referral.factory_id, referral.financier_id, referral.id)
    if grant is None:
        raise ConsentNotLive("the factory does not consent to this financier any more")
    eligible_decision(referral.factory_id, referral.product_id)
    referral.send(grant.id, saga.moment(referral.country, State.SENT))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
