"""A finance officer freezes the evidence pack: what the factory opened, as it is known now."""

from dataclasses import dataclass

from chassis.access import EVERYTHING, filter
from chassis.identity import Identity
from finance_linkage import archive, consents
from finance_linkage.assembling import evidence_of
from finance_linkage.deciding import eligible_decision
from finance_linkage.domain import evidence
from finance_linkage.domain.errors import ConsentNotLive
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.read_models import dossiers
from finance_linkage.receipts import rule_version
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import products, referrals


@dataclass(frozen=True)
class FreezeEvidencePack:
    """Freezes the pack of this referral."""

    referral_id: str
    etag: str = ""


def freeze_evidence_pack(command: FreezeEvidencePack, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, ConsentNotLive, NotEligible or WrongState, or Unavailable where nobody can be asked."""
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    grant = consents.ask().live(referral.factory_id, referral.financier_id, referral.id)
    if grant is None:
        raise ConsentNotLive("the factory does not consent to this financier seeing its evidence")
    decision = eligible_decision(referral.factory_id, referral.product_id)
    dossier = dossiers.known(EVERYTHING, referral.factory_id)
    definition = products.get(EVERYTHING, referral.product_id).definition
    content = evidence_of(referral, dossier, definition, decision, rule_version(decision.receipt))
    pack, digest = evidence.freeze(content, grant.fields)
    moment = saga.moment(referral.country, State.PACK_FROZEN)
    assessment = pack["report"]["assessment"] if "report" in pack else ""
    referral.freeze(digest, grant.id, decision.receipt, assessment, tuple(pack["parts"]), moment)
    archive.keep_pack(referral.id, digest, pack, moment.now)
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
