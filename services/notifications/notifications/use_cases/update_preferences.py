"""A person says what to hear of, by which channel and when."""

from dataclasses import dataclass, replace
from typing import Any

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from notifications import channels, topics
from notifications.domain.preferences import check
from notifications.storage import recipients


@dataclass(frozen=True)
class UpdatePreferences:
    """Whose, and the fields that change, of `mutes`, `quiet_hours` and `digests`."""

    recipient_id: str
    changes: dict[str, Any]
    etag: str = ""


def update_preferences(command: UpdatePreferences, caller: Identity) -> None:
    """Keep them; they hold from the next message on, also for those planned already.

    Raises NotFound, Aborted, LegalTopic, UnknownTopic or InvalidPreferences.
    """
    recipient = recipients.get(filter(caller, "preferences"), command.recipient_id, etag=command.etag)
    wanted = replace(recipient.preferences, **command.changes)
    collecting = [name for name in channels.names() if channels.disturbs(name)]
    check(wanted, topics.legal(), collecting)
    recipient.prefer(wanted, clock.now())
    recipients.save(recipient)
