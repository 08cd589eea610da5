"""Why a verb of this domain refuses; each reason is a name of the error-reason catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Problem:
    """One wrong field: its name, a reason of the catalogue, and a sentence that never repeats the value."""

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


class InvalidFields(DomainError):
    """What was given cannot be so; `problems` names each wrong field."""

    reason = "INVALID_FIELD"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.description}" for p in self.problems))


class FactoryWrongState(DomainError):
    """The factory's status does not allow this."""

    reason = "FACTORY_WRONG_STATE"


class ConsentWrongState(DomainError):
    """The grant is no longer live."""

    reason = "CONSENT_NOT_LIVE"


class ConsentAlreadyLive(DomainError):
    """The factory already lets this organisation see this scope, for the same thing."""

    reason = "CONSENT_ALREADY_LIVE"


class HoldExists(DomainError):
    """The id is that of another hold of this factory."""

    reason = "HOLD_EXISTS"


class HoldNotOpen(DomainError):
    """The hold was lifted already."""

    reason = "HOLD_NOT_OPEN"


class FileRefused(DomainError):
    """The file cannot be read as a factory list, so none of its rows was looked at; `code` says in what way."""

    reason = "FILE_REFUSED"

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description, "csv")
        self.code = code
