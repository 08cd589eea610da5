"""An advisor plans to visit a factory, to help."""

from dataclasses import dataclass
from datetime import date

from assessment.domain.advisory_visit import AdvisoryVisit, plan_visit
from assessment.domain.visit_terms import Topic, VisitMode
from assessment.remediation.places import check_topics, place_of
from assessment.remediation.storage import advisory_visits
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class PlanAdvisoryVisit:
    """`advisory_visit_id` is chosen by the client; the caller is the advisor who goes."""

    advisory_visit_id: str
    factory_id: str
    planned_day: date
    mode: VisitMode
    topics: tuple[Topic, ...]


def plan_advisory_visit(command: PlanAdvisoryVisit, caller: Identity) -> AdvisoryVisit:
    """Raises UnknownFactory, FactoryNotActive, UnknownPoint, InvalidVisit, or AlreadyExists for a taken id."""
    place = place_of(filter(caller, "taking_part"), command.factory_id)
    now = clock.now()
    check_topics(command.topics, "topics[]")
    visit = plan_visit(
        command.advisory_visit_id,
        place.factory_id,
        place.country,
        place.time_zone,
        command.planned_day,
        command.mode,
        command.topics,
        caller.subject,
        now,
    )
    advisory_visits.add(visit)
    return visit
