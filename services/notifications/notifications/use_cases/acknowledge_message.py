"""The recipient acknowledges a message that asks for it."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.due_work import deadlines
from chassis.identity import Identity
from notifications.storage import messages
from notifications.use_cases.plan_messages import ESCALATE, telling


@dataclass(frozen=True)
class AcknowledgeMessage:
    """Which message; `etag` is empty where the reader does not care whether it changed meanwhile."""

    message_id: str
    etag: str = ""


def acknowledge_message(command: AcknowledgeMessage, caller: Identity) -> None:
    """Note it, and escalate to nobody: one of an audience is enough.

    Raises NotFound (also for somebody else's), Aborted, MessageNotDelivered or AcknowledgementNotAsked.
    """
    message = messages.get(filter(caller, "message"), command.message_id, etag=command.etag)
    message.acknowledge(clock.now())
    messages.save(message)
    deadlines.cancel(ESCALATE, telling(message.fact_id, message.rule))
