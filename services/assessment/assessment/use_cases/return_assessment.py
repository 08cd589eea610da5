"""A reviewer sends the answers back to the advisors."""

from dataclasses import dataclass

from assessment.domain.assessment import Assessment
from assessment.domain.states import ReturnReason
from assessment.storage import assessments
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class ReturnAssessment:
    """Why, as a code."""

    assessment_id: str
    reason: ReturnReason
    etag: str = ""


def return_assessment(command: ReturnAssessment, caller: Identity) -> Assessment:
    """Raises NotFound, Aborted, WrongState or NotTeamLeader."""
    assessment = assessments.get(filter(caller, "assessment"), command.assessment_id, etag=command.etag)
    assessment.return_to_team(command.reason, caller.subject, clock.now())
    assessments.save(assessment)
    return assessment
