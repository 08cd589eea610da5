"""Money as whole minor units of one currency, so that sums are exact."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    """`minor_units` is never negative; `currency` is an ISO 4217 code."""

    minor_units: int
    currency: str

    def plus(self, other: "Money") -> "Money":
        """The sum of two amounts of the same currency. Raises ValueError for two currencies."""
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor_units + other.minor_units, self.currency)
