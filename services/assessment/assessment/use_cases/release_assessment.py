"""The team leader releases the report: compliance is computed and frozen, and the release clock stops."""

from dataclasses import dataclass

from assessment.deadlines import cancel_release_deadlines
from assessment.domain.assessment import Assessment
from assessment.questionnaires import pinned
from assessment.storage import assessments, load_answers
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class ReleaseAssessment:
    """Releases the report of this assessment."""

    assessment_id: str
    etag: str = ""


def release_assessment(command: ReleaseAssessment, caller: Identity) -> Assessment:
    """Raises NotFound, Aborted, WrongState or NotTeamLeader."""
    visible = filter(caller, "answers")
    assessment = assessments.get(visible, command.assessment_id, etag=command.etag)
    assessment.release(
        pinned(assessment),
        load_answers(visible, command.assessment_id),
        caller.subject,
        clock.now(),
    )
    cancel_release_deadlines(assessment.id)
    assessments.save(assessment)
    return assessment
