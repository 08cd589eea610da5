"""The parts of a referral's terms, and what amounts and days must keep to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from finance_linkage.domain.errors import (
    AmountOutsideLimits,
    AmountTooHigh,
    AmountZero,
    CurrencyForeign,
    DayInvalid,
    OutcomeInvalid,
)
from finance_linkage.domain.money import Money
from finance_linkage.domain.states import InformationKind


@dataclass(frozen=True)
class InformationRound:
    """One question of the financier, when it was answered and how.

    `parts` and `digest` are those of the addendum that was frozen with the answer, none without one; `references` say
    where the rest is to be found.
    """

    kinds: tuple[InformationKind, ...]
    requested_at: datetime
    provided_at: datetime | None = None
    parts: tuple[str, ...] = ()
    digest: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Disbursement:
    """One payment; `number` counts from 1."""

    number: int
    amount: Money
    paid_on: date
    recorded_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of the money, in numbers."""

    issues_closed: int
    yearly_savings: Money
    jobs: int
    jobs_held_by_women: int

    def check(self, currency: str) -> None:
        """Raises OutcomeInvalid or CurrencyForeign."""
        if self.jobs_held_by_women > self.jobs:
            raise OutcomeInvalid("not more than all of the jobs", "outcome.jobs_held_by_women")
        if self.yearly_savings.currency != currency:
            raise CurrencyForeign(f"the referral is in {currency}", "outcome.yearly_savings.currency_code")


def check_request(amount: Money, least: Money, most: Money) -> None:
    """What a factory asks for. Raises CurrencyForeign or AmountOutsideLimits."""
    if amount.currency != least.currency:
        raise CurrencyForeign(f"the product is offered in {least.currency}", "amount.currency_code")
    if not least.minor_units <= amount.minor_units <= most.minor_units:
        limits = f"{least.minor_units} to {most.minor_units} minor units of {least.currency}"
        raise AmountOutsideLimits(f"the product finances {limits}", "amount.minor_units")


def check_approval(amount: Money, asked: Money) -> None:
    """What a financier approves. Raises CurrencyForeign, AmountZero or AmountTooHigh."""
    _check(amount, asked.currency, "approved_amount")
    if amount.minor_units > asked.minor_units:
        raise AmountTooHigh("not more than was asked for", "approved_amount.minor_units")


def check_payment(amount: Money, approved: Money | None, before: Sequence[Disbursement]) -> Money:
    """What is paid altogether with this payment. Raises CurrencyForeign, AmountZero or AmountTooHigh."""
    if approved is None:
        raise AmountTooHigh("nothing was approved", "amount.minor_units")
    _check(amount, approved.currency, "amount")
    total = amount
    for one in before:
        total = total.plus(one.amount)
    if total.minor_units > approved.minor_units:
        raise AmountTooHigh("with all before it, not above what was approved", "amount.minor_units")
    return total


def check_day(day: date, not_before: date | None, today: date, field: str) -> None:
    """A day that has come, and that follows another. Raises DayInvalid."""
    if day > today:
        raise DayInvalid("this day has not come yet", field)
    if not_before is not None and day < not_before:
        raise DayInvalid(f"this is before {not_before}, which it follows from", field)


def _check(amount: Money, currency: str, field: str) -> None:
    if amount.currency != currency:
        raise CurrencyForeign(f"the referral is in {currency}", f"{field}.currency_code")
    if amount.minor_units <= 0:
        raise AmountZero("must be more than nothing", f"{field}.minor_units")
