"""The inputs of decisions: what is known of a factory, each with the events it rests on.

An input is a whole number, a code, or missing. Nothing else reaches the rules: no text, no name, and of a hold of the
programme only that there is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

FACTORY_STATUS = "factory-status"
PROGRAMME_HOLD = "programme-hold"
REPORT = "assessment-report"
OSH_LINES = "open-osh-lines"
ENVIRONMENT = "environmental-record"
VERIFICATION = "environmental-verification"
HIGG_FEM = "higg-fem-average"
WOMEN_OWNED = "women-owned-percent"
WOMEN_BOARD = "women-board-percent"
BUYER_SCORE = "buyer-score"
OFFER = "product-offer"
CODES = (
    FACTORY_STATUS,
    PROGRAMME_HOLD,
    REPORT,
    OSH_LINES,
    ENVIRONMENT,
    VERIFICATION,
    HIGG_FEM,
    WOMEN_OWNED,
    WOMEN_BOARD,
    BUYER_SCORE,
    OFFER,
)
"""Every input that a rule may name. A buyer's score is named `buyer-score`; which buyer's, the product says."""


@dataclass(frozen=True, order=True)
class Source:
    """One event behind an input: when it was recorded, and its id."""

    at: datetime
    event_id: str


@dataclass(frozen=True)
class Input:
    """What is known under a code.

    `value` is None while it is missing; `missing_since` says since when then. `day` is the calendar day that its
    freshness counts from; None where it cannot become stale.
    """

    code: str
    value: int | str | None
    sources: tuple[Source, ...] = ()
    day: date | None = None
    missing_since: datetime | None = None


@dataclass(frozen=True)
class Inputs:
    """Everything that is known of one factory; `country` is ISO 3166. Order of the inputs does not matter."""

    factory_id: str
    country: str
    known: Mapping[str, Input]

    @classmethod
    def of(cls, factory_id: str, country: str, inputs: Iterable[Input]) -> "Inputs":
        """Inputs by code."""
        return cls(factory_id, country, {one.code: one for one in inputs})
