"""A financial product: what is offered where, by whom and until when, and the versions of its rules."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from finance_linkage.domain.facts import ProductRevised
from finance_linkage.domain.money import Money
from finance_linkage.domain.rules import Condition


class ProductKind(StrEnum):
    """What kind of product it is."""

    SUPPLIER_FINANCE = "supplier_finance"
    WOMEN_OWNED_TRADE_FINANCE = "women_owned_trade_finance"
    RESOURCE_EFFICIENCY_LOAN = "resource_efficiency_loan"
    SAFETY_REMEDIATION_LINE = "safety_remediation_line"


@dataclass(frozen=True)
class Tier:
    """A band of terms; `least_score` of the buyer opens it. Titles by language."""

    code: str
    least_score: int
    titles: dict[str, str]


@dataclass(frozen=True)
class Rules:
    """The rules from a day on. `version` ends in a digest of everything that decides, so that no change hides."""

    version: str
    effective_from: date
    conditions: tuple[Condition, ...]
    source: str


@dataclass(frozen=True)
class Definition:
    """What the reviewed file says of a product. Tiers stand best first; an empty `source` means unconfirmed."""

    kind: ProductKind
    titles: dict[str, str]
    countries: tuple[str, ...]
    financiers: tuple[str, ...]
    buyer_programme: str
    finances_lines_of: str
    least: Money
    most: Money
    effective_from: date
    effective_until: date | None
    tiers: tuple[Tier, ...]
    rules: tuple[Rules, ...]
    source: str

    def offered(self, on: date) -> bool:
        """Whether it is offered on that day."""
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)

    def rules_on(self, day: date) -> Rules | None:
        """The rules that hold on that day; None before the first."""
        in_force = [one for one in self.rules if one.effective_from <= day]
        return max(in_force, key=lambda one: one.effective_from, default=None)


@dataclass
class Product:
    """One product; `id` is its code, as `safety-remediation-line`."""

    id: str
    definition: Definition
    revised_at: datetime
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def define(cls, code: str, definition: Definition, now: datetime) -> "Product":
        """A new product."""
        return cls(code, definition, now, [ProductRevised(code, now)])

    def revise(self, definition: Definition, now: datetime) -> bool:
        """Take over another definition. An equal one changes and records nothing; says whether anything changed."""
        if definition == self.definition:
            return False
        self.definition = definition
        self.revised_at = now
        self.recorded.append(ProductRevised(self.id, now))
        return True
