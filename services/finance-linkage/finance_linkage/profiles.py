"""Loads the finance profile of a factory, or begins it: a factory has one from the first thing that is recorded."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chassis.access import filter
from chassis.errors import Aborted, NotFound
from chassis.identity import Identity
from finance_linkage.domain.finance_profile import FinanceProfile
from finance_linkage.read_models import country_programmes, dossiers
from finance_linkage.storage import finance_profiles, products


@dataclass(frozen=True)
class Begun:
    """A profile, whether it is new, and the calendar day in the factory's country."""

    profile: FinanceProfile
    is_new: bool
    today: date


def load_or_begin(caller: Identity, factory_id: str, etag: str, now: datetime) -> Begun:
    """Raises UnknownFactory, Aborted or UnknownCountryProgramme."""
    country = dossiers.known(filter(caller, "dossier"), factory_id)["country"]
    today = now.astimezone(ZoneInfo(country_programmes.time_zone(country))).date()
    try:
        return Begun(finance_profiles.get(filter(caller, "finance-profile"), factory_id, etag=etag), False, today)
    except NotFound:
        if etag:
            raise Aborted("Nothing is recorded of this factory yet.") from None
        return Begun(FinanceProfile(factory_id, country), True, today)


def save(begun: Begun) -> None:
    """Keep what was recorded."""
    if begun.is_new:
        finance_profiles.add(begun.profile)
    else:
        finance_profiles.save(begun.profile)


def programmes() -> frozenset[str]:
    """The buyer programmes that products know."""
    return frozenset(one for one in products.collection.distinct("definition.buyer_programme") if one)
