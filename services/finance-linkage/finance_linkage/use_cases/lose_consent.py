"""The ledger says that a consent is over: open referrals under it stop, and their financier sees nothing more."""

from dataclasses import dataclass

from chassis.access import EVERYTHING
from finance_linkage.domain.states import ENDED, State, StopReason
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class LoseConsent:
    """Which grant is over, and whether it was withdrawn or expired."""

    grant_id: str
    reason: StopReason


def lose_consent(command: LoseConsent) -> None:
    """A referral with payments runs on, without its financier."""
    query = {"grant_id": command.grant_id, "state": {"$nin": sorted(ENDED)}}
    for row in referrals.collection.find(query, {"_id": 1}).sort("_id", 1):
        referral = referrals.get(EVERYTHING, row["_id"])
        referral.lose_consent(command.grant_id, command.reason, saga.moment(referral.country, State.STOPPED))
        referrals.save(referral)
        saga.set_deadline(referral)
