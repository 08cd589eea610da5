"""A provider reports that it could not deliver what it had accepted."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from notifications.domain.errors import MessageNotDelivered
from notifications.domain.message import State
from notifications.storage import messages
from notifications.use_cases.bounce_address import BounceAddress, bounce_address


@dataclass(frozen=True)
class ReportBounce:
    """Which message, and the enhanced status code of the report, such as `5.1.1`."""

    message_id: str
    status_code: str


def report_bounce(command: ReportBounce, caller: Identity) -> str:
    """Note it at message and address; reported twice, it counts once. Answers the recipient's id.

    Raises NotFound, and MessageNotDelivered for a message that was not sent.
    """
    message = messages.get(filter(caller, "delivery"), command.message_id)
    if message.state is not State.SENT:
        raise MessageNotDelivered("only a message that was sent can come back")
    if message.bounce(command.status_code, clock.now()):
        messages.save(message)
        permanent = command.status_code.startswith("5")
        bounce_address(BounceAddress(message.recipient, message.channel, command.status_code, permanent))
    return message.recipient
