"""Refusals of the domain, by name; `reason` is the code a caller sees and `field` the request field it stands at."""

from typing import ClassVar


class DomainError(Exception):
    """A rule of the domain says no; nothing was changed."""

    reason: ClassVar[str]
    field: str | None = None


class FieldError(DomainError):
    """Something in a field cannot be used; `field` names it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


class InvalidRecipient(FieldError):
    """A particular of a recipient cannot be used."""

    reason = "RECIPIENT_INVALID"


class MessageNotDelivered(DomainError):
    """Only a message that reached its recipient can be read."""

    reason = "MESSAGE_NOT_DELIVERED"


class MessageSettled(DomainError):
    """A message that was sent, failed or was suppressed has no further attempt."""

    reason = "MESSAGE_SETTLED"


class LegalTopic(FieldError):
    """Legal notices cannot be muted."""

    reason = "TOPIC_LEGAL"


class UnknownTopic(FieldError):
    """There is no such topic."""

    reason = "TOPIC_UNKNOWN"


class InvalidPreferences(FieldError):
    """A preference contradicts another or says nothing."""

    reason = "PREFERENCES_INVALID"


class AcknowledgementNotAsked(DomainError):
    """The message asks for no acknowledgement."""

    reason = "ACKNOWLEDGEMENT_NOT_ASKED"


class NotSuppressed(DomainError):
    """Messages already go to the address."""

    reason = "NOT_SUPPRESSED"
