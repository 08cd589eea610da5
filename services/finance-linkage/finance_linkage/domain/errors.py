"""Why a verb of this domain refuses. Each reason is a name of the error catalogue; a field is a path in the request."""

from typing import ClassVar


class DomainError(Exception):
    """A rule of the domain does not allow what was asked; nothing has changed."""

    reason: ClassVar[str]

    def __init__(self, description: str, field: str | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.field = field


class UnknownFactory(DomainError):
    """There is no such factory, or the caller may not know of it: the two look the same."""

    reason = "FACTORY_UNKNOWN"


class FactoryNotActive(DomainError):
    """The factory is suspended or closed, so that it is not referred."""

    reason = "FACTORY_NOT_ACTIVE"


class UnknownProduct(DomainError):
    """There is no such product, or it is not offered in the factory's country today."""

    reason = "PRODUCT_UNKNOWN"


class FinancierNotOffering(DomainError):
    """The financier does not offer the product."""

    reason = "FINANCIER_NOT_OFFERING"


class NotEligible(DomainError):
    """The last decision does not say that the factory is eligible."""

    reason = "FACTORY_NOT_ELIGIBLE"


class ReferralOpen(DomainError):
    """There is an open referral of this factory to this financier for this product."""

    reason = "REFERRAL_OPEN"


class WrongState(DomainError):
    """The referral is not in a state in which this can be done."""

    reason = "REFERRAL_WRONG_STATE"


class ConsentNotLive(DomainError):
    """The factory does not consent to this financier seeing it, at this moment."""

    reason = "CONSENT_NOT_LIVE"


class CurrencyForeign(DomainError):
    """The amount is in another currency than the product or the approval."""

    reason = "CURRENCY_FOREIGN"


class AmountOutsideLimits(DomainError):
    """The amount is below the least or above the most that the product finances."""

    reason = "AMOUNT_OUTSIDE_LIMITS"


class AmountTooHigh(DomainError):
    """The amount is above what was asked for or approved."""

    reason = "AMOUNT_TOO_HIGH"


class AmountZero(DomainError):
    """The amount is nothing."""

    reason = "AMOUNT_ZERO"


class LinesInvalid(DomainError):
    """A line is not an open line of the factory that the product finances, or none is given where one is needed."""

    reason = "LINES_INVALID"


class DayInvalid(DomainError):
    """The day is in the future, or before what it follows from."""

    reason = "DAY_INVALID"


class OutcomeInvalid(DomainError):
    """The numbers of an outcome contradict each other."""

    reason = "OUTCOME_INVALID"


class UnknownBuyerProgramme(DomainError):
    """No product knows this buyer programme."""

    reason = "BUYER_PROGRAMME_UNKNOWN"


class YearInvalid(DomainError):
    """A record is of a year that has ended."""

    reason = "YEAR_INVALID"


class UnitMismatch(DomainError):
    """The unit does not measure this quantity."""

    reason = "UNIT_MISMATCH"


class FiguresInvalid(DomainError):
    """A record says nothing at all, or scores the same module twice."""

    reason = "FIGURES_INVALID"


class VerificationByOfficer(DomainError):
    """A factory reports for itself; an officer says what was verified."""

    reason = "VERIFICATION_BY_OFFICER"


class UnknownCountryProgramme(DomainError):
    """The time zone of the country has not reached this service yet."""

    reason = "COUNTRY_PROGRAMME_UNKNOWN"


class TooManyRevisions(DomainError):
    """The record was corrected too often."""

    reason = "TOO_MANY_REVISIONS"


class ReferralFull(DomainError):
    """More was asked for or paid out than a referral can hold."""

    reason = "REFERRAL_FULL"
