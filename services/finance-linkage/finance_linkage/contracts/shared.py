"""What several translations need: money, calendar days, figures, and the head that all facts of a referral share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from google.type.date_pb2 import Date

from amplify.finance_linkage.v1 import environmental_record_pb2, money_pb2
from finance_linkage.domain.figures import Quantity, Score
from finance_linkage.domain.money import Money
from finance_linkage.domain.referral import Referral
from finance_linkage.enums import to_contract


def contract_money(money: Money) -> money_pb2.Money:
    """An amount as the contract writes it."""
    return money_pb2.Money(minor_units=money.minor_units, currency_code=money.currency)


def contract_date(day: date | None) -> Date | None:
    """A calendar day as the contract writes it; None stays unset."""
    return None if day is None else Date(year=day.year, month=day.month, day=day.day)


def contract_quantity(quantity: Quantity | None) -> environmental_record_pb2.Quantity | None:
    """An amount of a unit; None stays unset."""
    if quantity is None:
        return None
    return environmental_record_pb2.Quantity(amount=quantity.amount, unit=to_contract(quantity.unit))


def contract_score(score: Score) -> environmental_record_pb2.HiggScore:
    """A module's score."""
    return environmental_record_pb2.HiggScore(module=to_contract(score.module), score=score.score)


def head(referral: Referral) -> Mapping[str, Any]:
    """Which referral a fact is about."""
    return {
        "referral_id": referral.id,
        "factory_id": referral.factory_id,
        "country": referral.country,
        "product_id": referral.product_id,
        "financier_id": referral.financier_id,
        "proposed_by": referral.proposed_by,
    }
