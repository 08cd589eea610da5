"""A finance officer records who owns a factory."""

from dataclasses import dataclass
from datetime import date

from chassis import clock
from chassis.identity import Identity
from finance_linkage.domain.finance_profile import FinanceProfile, Ownership
from finance_linkage.profiles import load_or_begin, save


@dataclass(frozen=True)
class RecordOwnership:
    """Shares that women hold (whole per cent), the day of the document, and the document."""

    factory_id: str
    women_owned_percent: int
    women_board_percent: int
    as_of_day: date
    evidence: str
    etag: str = ""


def record_ownership(command: RecordOwnership, caller: Identity) -> FinanceProfile:
    """Raises UnknownFactory, Aborted or DayInvalid."""
    now = clock.now()
    begun = load_or_begin(caller, command.factory_id, command.etag, now)
    ownership = Ownership(
        command.women_owned_percent, command.women_board_percent, command.as_of_day, command.evidence, now
    )
    begun.profile.record_ownership(ownership, begun.today)
    save(begun)
    return begun.profile
