"""The team leader calls off a visit that has not started; nobody else ever learns of it."""

from dataclasses import dataclass

from assessment.domain.assessment import Assessment
from assessment.domain.states import CancelReason
from assessment.storage import assessments
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class CancelAssessment:
    """Why it is called off, as a code."""

    assessment_id: str
    reason: CancelReason
    etag: str = ""


def cancel_assessment(command: CancelAssessment, caller: Identity) -> Assessment:
    """Raises NotFound, Aborted, WrongState or NotTeamLeader."""
    assessment = assessments.get(filter(caller, "assessment"), command.assessment_id, etag=command.etag)
    assessment.cancel(command.reason, caller.subject, clock.now())
    assessments.save(assessment)
    return assessment
