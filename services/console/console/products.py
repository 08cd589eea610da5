"""Names of finance products, and money as people read it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision

from amplify.finance_linkage.v1.money_pb2 import Money
from amplify.finance_linkage.v1.product_pb2 import Product
from console.visit import Part, Visit


def products(visit: Visit) -> Part[list[Product]]:
    """All products; those that were known last while finance linkage is away."""
    return visit.part(visit.services.finance.products, "products", everywhere=True)


def named(titles: Mapping[str, str], visit: Visit) -> str:
    """One of several titles by language."""
    return titles.get(visit.language.code) or titles.get("en", "")


def titles(visit: Visit) -> dict[str, str]:
    """Title by resource name; empty while nothing is known."""
    return {one.name: named(one.titles, visit) or one.name for one in products(visit).value or []}


def choices(visit: Visit) -> list[tuple[str, str]]:
    """(code, title) of every product, by title."""
    return sorted(((name.removeprefix("products/"), said) for name, said in titles(visit).items()), key=lambda x: x[1])


def said(money: Money, visit: Visit) -> str:
    """An amount with its currency, such as `USD 1,250.00`; empty where there is none."""
    if not money.currency_code:
        return ""
    return format_currency(major(money), money.currency_code, "¤¤ #,##0.00", locale=visit.language.locale)


def major(money: Money) -> Decimal:
    """An amount in units of its currency, as ISO 4217 divides it."""
    return Decimal(money.minor_units).scaleb(-get_currency_precision(money.currency_code))


def read_money(text: str, currency: str) -> Money | None:
    """An amount as a person types it, without separators of thousands; None for anything else."""
    try:
        units = Decimal(text).scaleb(get_currency_precision(currency))
    except (InvalidOperation, ValueError):
        return None
    if units != units.to_integral_value() or abs(units) >= 2**62:
        return None
    return Money(minor_units=int(units), currency_code=currency)
