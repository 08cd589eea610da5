"""Nobody of an audience acknowledged in time."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from notifications.domain.message import Message, State
from notifications.rules import Rule
from notifications.storage import messages


@dataclass(frozen=True)
class EscalateMessage:
    """What was told: the fact, the rule, and the rule under which others shall be told."""

    fact_id: str
    rule: str
    escalation: Rule


def escalate_message(command: EscalateMessage) -> Message | None:
    """Note it at one message of the audience and answer that; None if somebody acknowledged, or nobody may be asked.

    The one noted is a message to somebody, where there is one.
    """
    told = {"fact_id": command.fact_id, "rule": command.rule}
    rows = list(messages.collection.find({"$and": [EVERYTHING.query, told]}).sort([("recipient", -1), ("_id", 1)]))
    open_rows = [row for row in rows if row["state"] != State.SUPPRESSED.value]
    if not open_rows or any(row.get("acknowledged_at") for row in rows):
        return None
    message = messages.get(EVERYTHING, open_rows[0]["_id"])
    message.escalate(command.escalation.name, command.escalation.tell, clock.now())
    messages.save(message)
    return message
