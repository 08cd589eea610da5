"""What happens here when something happened elsewhere: a fact becomes messages to the people it concerns."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from amplify.programme.v1.programme_events_pb2 import ConsentGranted, FactoryUpdated
from chassis.consumer import Message
from chassis.due_work import Due
from notifications.moments import moment
from notifications.occasions import OCCASIONS
from notifications.occasions.assessment import release
from notifications.planning import rules, tell, tell_new_advisor, tell_newly_entitled, tell_others, tell_rest
from notifications.read_models.audience import releases
from notifications.use_cases.escalate_message import EscalateMessage, escalate_message


def plan_messages_when_it_happened(fact: Any, message: Message) -> None:
    """Whom the rules name for this kind of fact learn of it."""
    tell(OCCASIONS[type(fact)](fact, message))


def plan_messages_when_consent_granted(fact: ConsentGranted, message: Message) -> None:
    """Factory and buyer learn of it; and of a report that came out under it, if its fact overtook this one."""
    plan_messages_when_it_happened(fact, message)
    for known in releases(fact.factory_id):
        if moment(fact.start_time) <= known.at:
            tell_newly_entitled(release(fact.factory_id, fact.country, known), fact.organisation_id)


def plan_messages_when_factory_updated(fact: FactoryUpdated, message: Message) -> None:
    """Its advisor of now learns of a report that came out later than this, if the report's fact overtook this one."""
    for known in releases(fact.factory_id):
        if message.time <= known.at:
            tell_new_advisor(release(fact.factory_id, fact.country, known))


def plan_messages_when_nobody_acknowledged(due: Due) -> None:
    """Others are told, unless somebody acknowledged at the last moment or the rule asks for it no longer."""
    rule = next((rule for rule in rules() if rule.name == due.body["rule"] and rule.escalate_to), None)
    if rule is None:
        return
    message = escalate_message(EscalateMessage(due.body["fact_id"], rule.name, rule.escalation))
    if message is not None:
        tell_others(message, rule)


def plan_messages_when_an_audience_is_large(due: Due) -> None:
    """The next page of it learns, and the one after that later."""
    tell_rest(due.body)


POLICIES: Mapping[type[Proto], Callable[[Any, Message], None]] = {
    **dict.fromkeys(OCCASIONS, plan_messages_when_it_happened),
    ConsentGranted: plan_messages_when_consent_granted,
    FactoryUpdated: plan_messages_when_factory_updated,
}
