"""The team leader moves a visit that has not started."""

from dataclasses import dataclass

from assessment.domain.assessment import Assessment
from assessment.domain.plan import Plan
from assessment.storage import assessments
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class RescheduleAssessment:
    """The new window and days on site."""

    assessment_id: str
    plan: Plan
    etag: str = ""


def reschedule_assessment(command: RescheduleAssessment, caller: Identity) -> Assessment:
    """Raises NotFound, Aborted, WrongState, NotTeamLeader or InvalidPlan."""
    assessment = assessments.get(filter(caller, "assessment"), command.assessment_id, etag=command.etag)
    assessment.reschedule(command.plan, caller.subject, clock.now())
    assessments.save(assessment)
    return assessment
