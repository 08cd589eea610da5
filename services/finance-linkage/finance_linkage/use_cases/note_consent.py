"""The ledger says that a factory consents: referrals that wait for it go on, and a later end is noted."""

from dataclasses import dataclass
from datetime import datetime

from chassis.access import EVERYTHING
from finance_linkage.domain.states import ENDED, State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class NoteConsent:
    """A grant for finance and when it ends; `reference` names the one referral it is for, or is empty."""

    grant_id: str
    factory_id: str
    financier_id: str
    reference: str
    until: datetime


def note_consent(command: NoteConsent) -> None:
    """A referral that stands elsewhere is not touched."""
    for referral_id in _waiting(command):
        referral = referrals.get(EVERYTHING, referral_id)
        referral.consent(command.grant_id, command.until, saga.moment(referral.country, State.CONSENTED))
        referrals.save(referral)
        saga.set_deadline(referral)


def extend_consent(command: NoteConsent) -> None:
    """The end of a grant was moved."""
    query = {"grant_id": command.grant_id, "state": {"$nin": sorted(ENDED)}}
    for row in referrals.collection.find(query, {"_id": 1}).sort("_id", 1):
        referral = referrals.get(EVERYTHING, row["_id"])
        referral.extend_consent(command.grant_id, command.until, saga.moment(referral.country, referral.state))
        referrals.save(referral)


def _waiting(command: NoteConsent) -> list[str]:
    query = {
        "factory_id": command.factory_id,
        "financier_id": command.financier_id,
        "state": State.PROPOSED.value,
    }
    if command.reference:
        query["_id"] = command.reference.removeprefix("referrals/")
    return [row["_id"] for row in referrals.collection.find(query, {"_id": 1}).sort("_id", 1)]
