"""What can happen to a message or a recipient, in the past tense; codes and opaque ids only, never an address."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MessagePlanned:
    """A rule decided that somebody must be told; nothing has left yet."""

    planned_at: datetime


@dataclass(frozen=True)
class MessageSent:
    """The channel's provider accepted the message; `attempt` counts from 1."""

    attempt: int
    sent_at: datetime


@dataclass(frozen=True)
class MessageFailed:
    """The message will not be delivered; `reason` is a `Reason`, `attempts` how often it was tried."""

    reason: str
    attempts: int
    failed_at: datetime


@dataclass(frozen=True)
class MessageSuppressed:
    """The message was deliberately not sent: its recipient is no longer entitled to it."""

    reason: str
    suppressed_at: datetime


@dataclass(frozen=True)
class MessageRead:
    """The recipient opened the message in the inbox, for the first time."""

    read_at: datetime


@dataclass(frozen=True)
class RecipientPut:
    """The particulars of a recipient are new or changed."""

    put_at: datetime
