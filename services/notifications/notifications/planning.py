"""Applies the rules to an occasion: each audience it concerns, each person in it, each channel of the rule."""

from functools import cache

from chassis import clock
from notifications import channels, rendering, topics
from notifications.audiences import AUDIENCES, OPTIONAL, Addressee
from notifications.domain.message import Message
from notifications.domain.occasion import Occasion
from notifications.occasions import TRAITS
from notifications.pages import PAGES
from notifications.read_models.audience import Audience
from notifications.rules import Rule, Vocabulary, load
from notifications.use_cases.plan_message import PlanMessage, plan_message


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in force. Raises RulesError; `__main__` reads them first, so that a wrong table ends the start."""
    from notifications.policies import POLICIES  # policies apply these rules

    events = [kind.DESCRIPTOR.full_name for kind in POLICIES]
    known = Vocabulary(events, AUDIENCES, topics.legal(), TRAITS, rendering.templates(), PAGES, channels.names())
    return load(known)


def tell(occasion: Occasion) -> None:
    """Plan every message that the rules demand.

    An audience that must not be empty and is gets a message to nobody, so that staff see the failure.
    """
    for rule in rules():
        if rule.when == occasion.event and (not rule.only or rule.only in occasion.traits):
            for addressee in _addressees(occasion, rule):
                _plan(occasion, rule, addressee)


def tell_newly_entitled(occasion: Occasion, organisation_id: str) -> None:
    """Plan the messages to one organisation that depend on its consent grant, while they are of use."""
    for rule in rules():
        if rule.when == occasion.event and clock.now() < occasion.happened_at + rule.not_after:
            for addressee in AUDIENCES[rule.tell](occasion, Audience()):
                if addressee.organisation_id == organisation_id:
                    _plan(occasion, rule, addressee)


def tell_others(message: Message, rule: Rule) -> None:
    """Plan the messages to those whom the rule escalates to, about a message that nobody acknowledged."""
    assert message.acknowledge_by is not None
    kept = {name: message.parameters[name] for name in ("organisation_id",) if name in message.parameters}
    occasion = Occasion(
        event=message.event,
        fact_id=message.fact_id,
        happened_at=clock.now(),
        country=message.country,
        factory_id=message.factory_id,
        parameters={
            **kept,
            "topic": message.topic,
            "audience": message.audience,
            "due_at": message.acknowledge_by.isoformat(),
        },
    )
    for addressee in _addressees(occasion, rule.escalation):
        _plan(occasion, rule.escalation, addressee)


def _addressees(occasion: Occasion, rule: Rule) -> list[Addressee]:
    found = AUDIENCES[rule.tell](occasion, Audience())
    return [Addressee("")] if not found and rule.tell not in OPTIONAL else found


def _plan(occasion: Occasion, rule: Rule, addressee: Addressee) -> None:
    for channel in rule.channels:
        plan_message(PlanMessage(occasion, rule, addressee, channel))
