"""What can happen to a message or a recipient, in the past tense; codes and opaque ids only, never an address."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MessagePlanned:
    """A rule decided that somebody must be told; nothing has left yet."""

    planned_at: datetime


@dataclass(frozen=True)
class MessageSent:
    """The channel's provider accepted the message; `attempt` counts from 1, `digest_id` names the letter it was in."""

    attempt: int
    sent_at: datetime
    digest_id: str = ""


@dataclass(frozen=True)
class MessageFailed:
    """The message will not be delivered; `reason` is a `Reason`, `attempts` how often it was tried."""

    reason: str
    attempts: int
    failed_at: datetime


@dataclass(frozen=True)
class MessageSuppressed:
    """The message was deliberately not sent: its recipient is not entitled to it, does not want it, or bounces."""

    reason: str
    suppressed_at: datetime


@dataclass(frozen=True)
class MessageRead:
    """The recipient opened the message in the inbox, for the first time."""

    read_at: datetime


@dataclass(frozen=True)
class MessageDeferred:
    """The message waits for the end of quiet hours or for a digest; `reason` is a `Reason`."""

    reason: str
    until: datetime


@dataclass(frozen=True)
class MessageAcknowledged:
    """The recipient acknowledged the message, for the first time."""

    acknowledged_at: datetime


@dataclass(frozen=True)
class MessageEscalated:
    """Nobody of the audience acknowledged in time, so another audience is told under another rule."""

    rule: str
    audience: str
    escalated_at: datetime


@dataclass(frozen=True)
class MessageBounced:
    """The provider reported, after accepting the message, that it could not deliver it."""

    permanent: bool
    status_code: str
    bounced_at: datetime


@dataclass(frozen=True)
class RecipientPut:
    """The particulars of a recipient are new or changed."""

    put_at: datetime


@dataclass(frozen=True)
class PreferencesUpdated:
    """The person wants to hear of other things, by other channels or at other hours."""

    updated_at: datetime


@dataclass(frozen=True)
class AddressBounced:
    """A provider did not take a message for the address; `suppressed` is the reason if nothing goes there any more."""

    channel: str
    status_code: str
    suppressed: str
    bounced_at: datetime


@dataclass(frozen=True)
class SuppressionLifted:
    """Staff let messages go to the address again."""

    lifted_at: datetime
