"""Rules, products and referrals as the tests of this folder need them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from finance_linkage.domain.inputs import Input, Inputs, Source
from finance_linkage.domain.money import Money
from finance_linkage.domain.product import Definition, ProductKind, Rules, Tier
from finance_linkage.domain.referral import Moment, Referral, propose
from finance_linkage.domain.rules import Condition, Test
from finance_linkage.domain.states import Side

NOW = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
TIERS = (Tier("gold", 85, {}), Tier("silver", 70, {}))
GRANT = "c0ffee00-1b2c-4d3e-8f4a-5b6c7d8e9f10"


def condition(
    code: str,
    input_: str = "assessment-report",
    test: Test = Test.KNOWN,
    against: int | str | None = None,
    *,
    fresh_days: int | None = None,
    group: str = "",
) -> Condition:
    """A condition without words."""
    return Condition(code, input_, test, against, fresh_days, group, {})


def definition(
    conditions: Sequence[Condition],
    *,
    tiers: tuple[Tier, ...] = (),
    until: date | None = None,
    earlier: Sequence[Rules] = (),
) -> Definition:
    """A product offered since the beginning of 2026 under these rules."""
    rules = (*earlier, Rules("2026.1-abc", date(2026, 1, 1), tuple(conditions), ""))
    least, most = Money(1_000, "USD"), Money(9_000_000, "USD")
    buyer = "north-sea-suppliers" if tiers else ""
    kind = ProductKind.SUPPLIER_FINANCE
    return Definition(
        kind, {}, ("BD",), ("delta-bank",), buyer, "", least, most, date(2026, 1, 1), until, tiers, rules, ""
    )


def known(code: str, value: int | str, day: date | None = None, event: str = "event-1") -> Input:
    """An input that one event says."""
    return Input(code, value, (Source(NOW - timedelta(days=40), event),), day)


def of(*found: Input) -> Inputs:
    """Everything known of bd-1001."""
    return Inputs.of("bd-1001", "BD", found)


def moment(days: int = 0, side: Side | None = Side.OFFICER) -> Moment:
    """So many days from now; the next step is due a week later."""
    today = TODAY + timedelta(days=days)
    return Moment(NOW + timedelta(days=days), today, today + timedelta(days=7) if side else None, side)


def proposed(amount: Money | None = None) -> Referral:
    """A referral to delta-bank."""
    asked = amount or Money(4_000_000, "USD")
    at = moment(0, Side.FACTORY)
    return propose("r-1", ("bd-1001", "BD"), "safety-line", "delta-bank", asked, (), "d" * 64, "officer", at)


def acknowledged() -> Referral:
    """A referral that the financier has acknowledged."""
    referral = proposed()
    referral.consent(GRANT, NOW + timedelta(days=365), moment(1))
    referral.freeze("e" * 64, GRANT, "d" * 64, "a-1", ("report",), moment(2))
    referral.send(GRANT, moment(3, Side.FINANCIER))
    referral.acknowledge(moment(4, Side.FINANCIER))
    return referral
