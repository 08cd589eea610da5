"""A team leader plans an unannounced visit to a factory."""

from dataclasses import dataclass

from assessment.domain.assessment import Assessment
from assessment.domain.assessment import plan_assessment as plan
from assessment.domain.plan import Plan, Team
from assessment.read_models import country_programmes, factories
from assessment.storage import assessments
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class PlanAssessment:
    """`assessment_id` is chosen by the client; the caller must be the team leader."""

    assessment_id: str
    factory_id: str
    team_leader: str
    advisors: tuple[str, ...]
    plan: Plan


def plan_assessment(command: PlanAssessment, caller: Identity) -> Assessment:
    """Raises UnknownFactory, InvalidPlan, or AlreadyExists for a taken id."""
    factory = factories.active(filter(caller, "factory"), command.factory_id)
    assessment = plan(
        command.assessment_id,
        factory.id,
        factory.country,
        country_programmes.time_zone(factory.country),
        Team(command.team_leader, command.advisors),
        command.plan,
        caller.subject,
        clock.now(),
    )
    assessments.add(assessment)
    return assessment
