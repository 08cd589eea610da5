"""Why a verb of this domain refuses. Each reason is a name of the error catalogue; a field is a path in the request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Problem:
    """One wrong field of a request: its path, such as `operations[3].day`, the reason's name, and what to do."""

    field: str
    reason: str
    description: str


class DomainError(Exception):
    """A rule of the domain does not allow what was asked; nothing has changed."""

    reason: ClassVar[str]

    def __init__(self, description: str, field: str | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.field = field


class WrongState(DomainError):
    """The session is not in a state in which this can be done."""

    reason = "SESSION_WRONG_STATE"


class InvalidDays(DomainError):
    """The days of a session cannot be so."""

    reason = "SESSION_DAYS_INVALID"


class OverCapacity(DomainError):
    """There are fewer places than people; `violations` names those without one where a request brought them."""

    reason = "SESSION_OVER_CAPACITY"

    def __init__(self, description: str, fields: Sequence[str] = ()) -> None:
        super().__init__(description)
        self.violations = [(field, "finds no place") for field in fields]


class NotOver(DomainError):
    """The session's last day has not come yet."""

    reason = "SESSION_NOT_OVER"


class AttendanceMissing(DomainError):
    """The attendance of somebody is not known; `violations` names people and days."""

    reason = "SESSION_ATTENDANCE_MISSING"

    def __init__(self, description: str, gaps: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(description)
        self.violations = [(f"participants.{person}", f"attendance of {day} is not known") for person, day in gaps]


class UnknownCourse(DomainError):
    """There is no such course."""

    reason = "COURSE_UNKNOWN"


class UnknownFactory(DomainError):
    """There is no such factory in the country, or the caller may not hold sessions for it: the two look the same."""

    reason = "TRAINING_FACTORY_UNKNOWN"


class FactoryNotActive(DomainError):
    """The factory is suspended or closed, so that no session is scheduled for it."""

    reason = "TRAINING_FACTORY_NOT_ACTIVE"


class UnknownCountry(DomainError):
    """The country's time zone has not reached this service yet."""

    reason = "TRAINING_COUNTRY_UNKNOWN"


class InvalidRows(DomainError):
    """Rows or operations that cannot be taken; `problems` names the fields. None of the request was taken."""

    reason = "TRAINING_ROWS_INVALID"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} fields of the request are wrong; nothing of it was taken")


class CertificateRevoked(DomainError):
    """The certificate is revoked already."""

    reason = "CERTIFICATE_REVOKED"


class NotOpen(DomainError):
    """The recommendation is met or dismissed already."""

    reason = "RECOMMENDATION_NOT_OPEN"
