"""An advisor hands complete answers to the team leader."""

from dataclasses import dataclass
from datetime import date

from assessment.deadlines import set_release_deadlines
from assessment.domain.assessment import Assessment
from assessment.questionnaires import pinned
from assessment.storage import assessments, load_answers
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class SubmitAssessment:
    """`on_site_days` are the days really spent there; None keeps those of the plan."""

    assessment_id: str
    on_site_days: tuple[date, ...] | None = None
    etag: str = ""


def submit_assessment(command: SubmitAssessment, caller: Identity) -> Assessment:
    """Raises NotFound, Aborted, WrongState, NotOnTeam, AnswersMissing or InvalidPlan."""
    visible = filter(caller, "answers")
    assessment = assessments.get(visible, command.assessment_id, etag=command.etag)
    now = clock.now()
    assessment.submit(
        pinned(assessment),
        load_answers(visible, command.assessment_id),
        caller.subject,
        now,
        command.on_site_days,
    )
    if command.on_site_days is not None:
        set_release_deadlines(assessment, now)
    assessments.save(assessment)
    return assessment
