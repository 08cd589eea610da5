"""Staff let messages go to an address again."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from notifications.storage import recipients


@dataclass(frozen=True)
class LiftSuppression:
    """Whose address; `etag` is empty where staff do not care whether it changed meanwhile."""

    recipient_id: str
    etag: str = ""


def lift_suppression(command: LiftSuppression, caller: Identity) -> None:
    """Send there again; what was suppressed meanwhile stays so. Raises NotFound, Aborted or NotSuppressed."""
    recipient = recipients.get(filter(caller, "suppression"), command.recipient_id, etag=command.etag)
    recipient.lift(clock.now())
    recipients.save(recipient)
