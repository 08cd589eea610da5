"""A factory, or its advisor, adds an issue that it found by itself, before or after an assessment."""

from dataclasses import dataclass

from assessment.domain.improvement_line import ImprovementLine
from assessment.domain.improvement_plan import ImprovementPlan
from assessment.domain.visit_terms import Topic
from assessment.remediation.places import check_topics, place_of
from assessment.remediation.storage import load_plan, save_plan
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class AddImprovementLine:
    """`line_id` is chosen by the client; `issue` is in the factory's words."""

    line_id: str
    factory_id: str
    topic: Topic
    issue: str


def add_improvement_line(command: AddImprovementLine, caller: Identity) -> ImprovementLine:
    """Raises UnknownFactory, FactoryNotActive, UnknownPoint, or AlreadyExists for a taken id."""
    place = place_of(filter(caller, "taking_part"), command.factory_id)
    now = clock.now()
    check_topics([command.topic], "point")
    plan = load_plan(place.factory_id)
    if plan is None:
        plan = ImprovementPlan(place.factory_id, place.country, place.time_zone, now)
    line = plan.add_line(command.line_id, command.topic, command.issue, caller.subject, now)
    save_plan(plan)
    return line
