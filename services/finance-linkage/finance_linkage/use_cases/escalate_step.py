"""The day on which a step of a referral was due has passed."""

from dataclasses import dataclass

from chassis.access import EVERYTHING
from finance_linkage.domain.states import State
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class EscalateStep:
    """The step out of this state was due."""

    referral_id: str
    state: State


def escalate_step(command: EscalateStep) -> None:
    """Says nothing of a step that was done in the meantime."""
    referral = referrals.get(EVERYTHING, command.referral_id)
    referral.escalate(command.state, saga.moment(referral.country, referral.state))
    referrals.save(referral)
