"""The recipient opens a message in the inbox."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from notifications.storage import messages


@dataclass(frozen=True)
class MarkMessageRead:
    """Which message; `etag` is empty where the reader does not care whether it changed meanwhile."""

    message_id: str
    etag: str = ""


def mark_message_read(command: MarkMessageRead, caller: Identity) -> None:
    """Once read, always read. Raises NotFound (also for somebody else's), Aborted or MessageNotDelivered."""
    message = messages.get(filter(caller, "message"), command.message_id, etag=command.etag)
    message.mark_read(clock.now())
    messages.save(message)
