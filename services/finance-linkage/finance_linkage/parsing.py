"""Requests of the contract as the domain's values; Invalid where the contract's own rules do not say what is wrong."""

from datetime import date

from google.type.date_pb2 import Date

from amplify.finance_linkage.v1 import environmental_record_pb2, money_pb2, referral_pb2
from chassis.errors import Invalid
from finance_linkage.domain.figures import Figures, HiggModule, Quantity, Score, Unit
from finance_linkage.domain.money import Money
from finance_linkage.domain.terms import Outcome
from finance_linkage.enums import to_domain
from finance_linkage.queries import Paging

EARLIEST, LATEST = 1950, 2100
"""Years a calendar day of a request may lie in."""


def id_of(name: str) -> str:
    """The id in a resource name such as `factories/{id}` or `referrals/{id}/evidencePack`; empty for an empty name."""
    return name.split("/")[1] if name else ""


def addendum_of(name: str) -> int:
    """The number in `.../evidencePack/addenda/{addendum}`; 0 in the name of the pack itself."""
    return int(name.rpartition("/addenda/")[2]) if "/addenda/" in name else 0


def year_of(name: str) -> int:
    """The year in `factories/{factory}/environmentalRecords/{year}`."""
    return int(name.rsplit("/", 1)[1])


def parse_day(day: Date, field: str) -> date:
    """A whole calendar day of a sane century."""
    try:
        parsed = date(day.year, day.month, day.day)
    except ValueError:
        raise Invalid.field(field, "is not a calendar day with year, month and day") from None
    if not EARLIEST <= parsed.year <= LATEST:
        raise Invalid.field(field, f"lies outside the years {EARLIEST} to {LATEST}")
    return parsed


def parse_money(money: money_pb2.Money) -> Money:
    """An amount."""
    return Money(money.minor_units, money.currency_code)


def parse_figures(figures: environmental_record_pb2.EnvironmentalFigures) -> Figures:
    """The figures of a record."""

    given = {field.name: value for field, value in figures.ListFields()}
    energy, water, chemicals = (_quantity(given.get(name)) for name in ("energy", "water", "chemicals"))
    scores = tuple(Score(to_domain(HiggModule, one.module), one.score) for one in figures.higg_scores)
    return Figures(energy, water, chemicals, scores)


def parse_outcome(outcome: referral_pb2.ReferralOutcome) -> Outcome:
    """What came of a referral. Savings must be given, be they nothing."""
    if not outcome.HasField("yearly_savings"):
        raise Invalid.field("outcome.yearly_savings", "must be given; nothing saved is an amount of 0")
    return Outcome(outcome.issues_closed, parse_money(outcome.yearly_savings), outcome.jobs, outcome.jobs_held_by_women)


def paging_of(request: object) -> Paging:
    """Which page a list request wants."""
    return Paging(getattr(request, "page_size", 0), getattr(request, "page_token", ""))


def _quantity(quantity: environmental_record_pb2.Quantity | None) -> Quantity | None:
    return None if quantity is None else Quantity(quantity.amount, to_domain(Unit, quantity.unit))
