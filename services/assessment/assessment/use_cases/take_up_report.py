"""A report is out: the factory's improvement plan gets its findings, old lines come back or are confirmed."""

from dataclasses import dataclass

from assessment.domain.answers import Finding
from assessment.domain.assessment import Assessment
from assessment.domain.due_days import end_of_day
from assessment.domain.improvement_line import line_id
from assessment.domain.improvement_plan import ImprovementPlan, ReportFindings
from assessment.domain.visit_terms import Topic
from assessment.remediation.deadlines import set_line_deadline
from assessment.remediation.storage import load_plan, save_plan
from assessment.storage import assessments, load_answers
from chassis import clock
from chassis.access import EVERYTHING
from chassis.errors import NotFound


@dataclass(frozen=True)
class TakeUpReport:
    """The report of this assessment."""

    assessment_id: str


def take_up_report(command: TakeUpReport) -> None:
    """Changes nothing the second time. Raises NotFound when there is no such report."""
    assessment = assessments.get(EVERYTHING, command.assessment_id)
    findings = _findings(assessment)
    now = clock.now()
    asked = [*findings.found, *findings.compliant]
    plan = load_plan(assessment.factory_id, [line_id(assessment.factory_id, question_id) for question_id in asked])
    if plan is None:
        plan = ImprovementPlan(assessment.factory_id, assessment.country, assessment.time_zone, now)
    plan.take_up(findings, now)
    for line in plan.lines.values():
        set_line_deadline(line)
    save_plan(plan)


def _findings(assessment: Assessment) -> ReportFindings:
    """What the report says; that a question is compliant is said by its answer alone."""
    report = assessment.report
    if report is None:
        raise NotFound("There is no such resource.")
    found = {
        question_id: Topic(one.cluster, one.point) for one in report.compliance.points for question_id in one.findings
    }
    answers = load_answers(EVERYTHING, assessment.id)
    compliant = frozenset(id for id, answer in answers.items() if answer.value == Finding.COMPLIANT)
    seen_until = end_of_day(assessment.clock.last_on_site_day, assessment.time_zone)
    return ReportFindings(assessment.id, found, compliant, seen_until, report.released_at)
