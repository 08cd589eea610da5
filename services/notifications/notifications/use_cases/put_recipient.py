"""Somebody becomes reachable, or reachable otherwise."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.errors import Aborted, NotFound
from chassis.identity import Identity
from notifications.domain.recipient import Particulars, Recipient
from notifications.storage import recipients


@dataclass(frozen=True)
class PutRecipient:
    """The whole particulars of a person; `etag` is empty to replace whatever is there."""

    recipient_id: str
    particulars: Particulars
    etag: str = ""


def put_recipient(command: PutRecipient, caller: Identity) -> None:
    """Keep these particulars; the same ones again change nothing. Raises InvalidRecipient or Aborted."""
    try:
        recipient = recipients.get(filter(caller, "recipient"), command.recipient_id, etag=command.etag)
    except NotFound:
        if command.etag:
            raise Aborted("There is no such recipient any more, so it cannot be as you read it.") from None
        recipient = Recipient(command.recipient_id)
        recipient.put(command.particulars, clock.now())
        recipients.add(recipient)
        return
    recipient.put(command.particulars, clock.now())
    recipients.save(recipient)
