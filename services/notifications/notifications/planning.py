"""Applies the rules to an occasion: each audience it concerns, each person in it, each channel of the rule.

An audience may be as large as it likes: the transaction that notes the fact plans a page of it, and due work the next
pages, so that neither a transaction nor memory grows with it.
"""

from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import Any

from chassis import clock
from chassis.due_work import deadlines
from notifications import channels, rendering, topics
from notifications.audiences import AUDIENCES, FOLLOWS_FACTORY, OPTIONAL, Addressee, known
from notifications.domain.message import Message
from notifications.domain.occasion import Occasion
from notifications.occasions import OCCASIONS, TRAITS
from notifications.pages import PAGES
from notifications.read_models.audience import Audience
from notifications.rules import Rule, Vocabulary, load
from notifications.use_cases.plan_messages import PlanMessages, plan_messages

PAGE = 200
"""So many people of an audience are planned in one transaction: few enough to fit its time on a busy database."""
PLAN_REST = "plan-messages"
"""The kind of due work that plans the next page of an audience; its key is fact and rule."""
ASK_AGAIN = timedelta(minutes=1)
"""So long after a fact that came before its factory's it is asked again who belongs to an audience."""


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in force. Raises RulesError; `__main__` reads them first, so that a wrong table ends the start."""
    events = [kind.DESCRIPTOR.full_name for kind in OCCASIONS]
    return load(Vocabulary(events, AUDIENCES, topics.legal(), TRAITS, rendering.templates(), PAGES, channels.names()))


def rule_named(name: str) -> Rule | None:
    """The rule of that name, also one under which is escalated; None if the table has it no longer."""
    all_rules = [*rules(), *(rule.escalation for rule in rules() if rule.escalate_to)]
    return next((rule for rule in all_rules if rule.name == name), None)


def tell(occasion: Occasion) -> None:
    """Plan every message that the rules demand."""
    for rule in rules():
        if rule.when == occasion.event and (not rule.only or rule.only in occasion.traits):
            tell_audience(occasion, rule)


def tell_audience(occasion: Occasion, rule: Rule, after: str = "") -> None:
    """Plan the messages of one rule to a page of its audience, to those behind recipient `after`, and the rest later.

    While it cannot be known who belongs to it, nobody is told and it is asked again, as long as the news is of use.
    An audience that must not be empty and is, or that stayed unknown, gets a message to nobody, so that staff see it.
    """
    directory = Audience(after, PAGE + 1)
    named = known(rule.tell, occasion, directory)
    if not named and clock.now() < occasion.happened_at + rule.not_after:
        _later(occasion, rule, after, ASK_AGAIN)
        return
    found = AUDIENCES[rule.tell](occasion, directory)
    page = sorted((one for one in found if one.recipient > after), key=lambda one: one.recipient)
    if not page and not after and (rule.tell not in OPTIONAL or not named):
        page = [Addressee("")]
    plan_messages(PlanMessages(occasion, rule, page[:PAGE]))
    if len(page) > PAGE:
        _later(occasion, rule, page[PAGE - 1].recipient)


def _later(occasion: Occasion, rule: Rule, after: str, wait: timedelta = timedelta()) -> None:
    body = {"occasion": _kept(occasion), "rule": rule.name, "after": after}
    deadlines.set(PLAN_REST, f"{occasion.fact_id}/{rule.name}", clock.now() + wait, body)


def tell_rest(body: Any) -> None:
    """Plan the next page, from what was kept of the one before, or the first one of an audience that was not known."""
    rule = rule_named(body["rule"])
    if rule is not None:
        tell_audience(_revived(body["occasion"]), rule, body["after"])


def tell_newly_entitled(occasion: Occasion, organisation_id: str) -> None:
    """Plan the messages to one organisation that depend on its consent grant, while they are of use."""
    for rule in _still_of_use(occasion):
        found = AUDIENCES[rule.tell](occasion, Audience())
        newly = [one for one in found if one.organisation_id == organisation_id]
        plan_messages(PlanMessages(occasion, rule, newly))


def tell_new_advisor(occasion: Occasion) -> None:
    """Plan the messages to the factory's advisor of now, while they are of use."""
    for rule in _still_of_use(occasion):
        if rule.tell == FOLLOWS_FACTORY:
            tell_audience(occasion, rule)


def _still_of_use(occasion: Occasion) -> list[Rule]:
    """The rules about this kind of fact whose news is not old yet."""
    age = clock.now() - occasion.happened_at
    return [rule for rule in rules() if rule.when == occasion.event and age < rule.not_after]


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
    tell_audience(occasion, rule.escalation)


def _kept(occasion: Occasion) -> dict[str, Any]:
    return {**asdict(occasion), "traits": sorted(occasion.traits)}


def _revived(kept: dict[str, Any]) -> Occasion:
    lists = {name: tuple(kept[name]) for name in ("advisors", "people", "factories")}
    return Occasion(**{**kept, **lists, "traits": frozenset(kept["traits"])})
