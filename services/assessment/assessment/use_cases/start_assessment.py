"""The team is at the factory: the questionnaire is pinned and the release clock starts."""

from dataclasses import dataclass

from assessment import questionnaires
from assessment.deadlines import set_release_deadlines
from assessment.domain.assessment import Assessment
from assessment.domain.release_clock import local_day
from assessment.read_models import country_programmes
from assessment.storage import assessments
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class StartAssessment:
    """Begins the visit of this assessment."""

    assessment_id: str
    etag: str = ""


def start_assessment(command: StartAssessment, caller: Identity) -> Assessment:
    """Raises NotFound, Aborted, WrongState, NotOnTeam, OutsideWindow or NoQuestionnaire."""
    assessment = assessments.get(filter(caller, "assessment"), command.assessment_id, etag=command.etag)
    now = clock.now()
    today = local_day(now, assessment.time_zone)
    days = country_programmes.clock_days(assessment.country, "report-release", assessment.plan.on_site_days[-1])
    assessment.start(questionnaires.in_force(assessment.country, today), days, caller.subject, now)
    set_release_deadlines(assessment, now)
    assessments.save(assessment)
    return assessment
