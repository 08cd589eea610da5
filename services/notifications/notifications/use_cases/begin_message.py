"""An attempt to send a message begins; noted before anything leaves, so that a lost answer can be told from none."""

from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound
from notifications.domain.message import Message, Reason
from notifications.storage import messages


def begin_message(message_id: str) -> Message | None:
    """The message to send now; None if it is settled, or becomes so because it is too late."""
    try:
        message = messages.get(EVERYTHING, message_id)
    except NotFound:
        return None
    if message.settled:
        return None
    now = clock.now()
    if now >= message.not_after:
        message.fail(message.reason or Reason.TOO_LATE, now)
    else:
        message.begin()
    messages.save(message)
    return None if message.settled else message
