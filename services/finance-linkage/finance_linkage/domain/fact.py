"""What every fact about a referral has in common."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ReferralFact:
    """When, and by which day the step it leads to is due (None where nobody has to act).

    Factory, product, financier and officer are those of the aggregate; the contract takes them from there.
    """

    at: datetime
    due_day: date | None
