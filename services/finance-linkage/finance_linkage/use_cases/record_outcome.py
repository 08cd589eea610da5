"""A finance officer records what came of the money."""

from dataclasses import dataclass

from chassis.access import filter
from chassis.identity import Identity
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import State
from finance_linkage.domain.terms import Outcome
from finance_linkage.sagas import referral as saga
from finance_linkage.storage import referrals


@dataclass(frozen=True)
class RecordOutcome:
    """What came of it, in numbers."""

    referral_id: str
    outcome: Outcome
    etag: str = ""


def record_outcome(command: RecordOutcome, caller: Identity) -> Referral:
    """Raises NotFound, Aborted, OutcomeInvalid, CurrencyForeign or WrongState."""
    referral = referrals.get(filter(caller, "referral"), command.referral_id, etag=command.etag)
    referral.record_outcome(command.outcome, saga.moment(referral.country, State.OUTCOME_RECORDED))
    referrals.save(referral)
    saga.set_deadline(referral)
    return referral
