"""A finance officer records how a buyer scores a factory."""

from dataclasses import dataclass
from datetime import date

from chassis import clock
from chassis.identity import Identity
from finance_linkage.domain.finance_profile import BuyerScore, FinanceProfile
from finance_linkage.profiles import load_or_begin, programmes, save


@dataclass(frozen=True)
class RecordBuyerScore:
    """The score (0 to 100) of a buyer programme, the day it was given, and the document that shows it."""

    factory_id: str
    buyer_programme: str
    score: int
    scored_on: date
    evidence: str
    etag: str = ""


def record_buyer_score(command: RecordBuyerScore, caller: Identity) -> FinanceProfile:
    """Raises UnknownFactory, Aborted, UnknownBuyerProgramme or DayInvalid."""
    now = clock.now()
    begun = load_or_begin(caller, command.factory_id, command.etag, now)
    score = BuyerScore(command.buyer_programme, command.score, command.scored_on, command.evidence, now)
    begun.profile.record_buyer_score(score, programmes(), begun.today)
    save(begun)
    return begun.profile
