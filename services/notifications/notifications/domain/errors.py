"""Refusals of the domain, by name; `reason` is the code a caller sees and `field` the request field it stands at."""

from typing import ClassVar


class DomainError(Exception):
    """A rule of the domain says no; nothing was changed."""

    reason: ClassVar[str]
    field: str | None = None


class InvalidRecipient(DomainError):
    """A particular of a recipient cannot be used; `field` names it."""

    reason = "RECIPIENT_INVALID"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


class MessageNotDelivered(DomainError):
    """Only a message that reached its recipient can be read."""

    reason = "MESSAGE_NOT_DELIVERED"


class MessageSettled(DomainError):
    """A message that was sent, failed or was suppressed has no further attempt."""

    reason = "MESSAGE_SETTLED"
