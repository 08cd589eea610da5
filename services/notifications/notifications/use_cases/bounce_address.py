"""A provider did not take a message for an address: counted, and after enough of it nothing is sent there any more."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from notifications.storage import recipients


@dataclass(frozen=True)
class BounceAddress:
    """Whose address, for which channel; `status_code` is empty where the provider gave none (RFC 3463)."""

    recipient_id: str
    channel: str
    status_code: str
    permanent: bool


def bounce_address(command: BounceAddress) -> None:
    """Note the bounce. Raises NotFound for a recipient that nothing is known of."""
    recipient = recipients.get(EVERYTHING, command.recipient_id)
    recipient.bounce(command.channel, command.status_code, clock.now(), permanent=command.permanent)
    recipients.save(recipient)


def take_address(recipient_id: str, channel: str) -> None:
    """The address took a message after all."""
    recipient = recipients.get(EVERYTHING, recipient_id)
    recipient.take(channel)
    recipients.save(recipient)
