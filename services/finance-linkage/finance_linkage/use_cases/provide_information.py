"""A finance officer answers what the financier asked for: what is known of it is frozen as an addendum to the pack."""

from dataclasses import dataclass

from chassis.access import EVERYTHING, filter
from chassis.identity import Identity
from finance_linkage import archive, consents
from finance_linkage.assembling import known_of
from finance_linkage.domain import evidence
from finance_linkage.domain.errors import ConsentNotLive
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.read_models import dossiers
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import products, referrals


@dataclass(frozen=True)
class ProvideInformation:
    """Answers the last question; `references` say where that is to be found which is not known here."""

    referral_id: str
    references: tuple[str, ...] = ()
    etag: str = ""


def provide_information(command: ProvideInformation, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, WrongState or ConsentNotLive, or Unavailable where nobody can be asked."""
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    grant = consents.ask().live(referral.factory_id, referral.financier_id, referral.id)
    if grant is None:
        raise ConsentNotLive("the factory does not consent to this financier seeing its evidence")
    number, moment = len(referral.rounds), saga.moment(referral.country, State.ACKNOWLEDGED)
    dossier = dossiers.known(EVERYTHING, referral.factory_id)
    content = known_of(referral, dossier, products.get(EVERYTHING, referral.product_id).definition)
    kinds = referral.rounds[-1].kinds if referral.rounds else ()
    addendum = evidence.freeze_addendum(content, grant.fields, kinds, number)
    parts, digest = (tuple(addendum[0]["parts"]), addendum[1]) if addendum else ((), "")
    referral.provide_information(grant.id, parts, digest, command.references, moment)
    if addendum:
        archive.keep_pack(referral.id, digest, addendum[0], moment.now, number)
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
