"""Recorded facts as the contract's messages, and the stream that each of them goes to, or none."""

from collections.abc import Iterable, Mapping

from amplify.assessment.v1 import assessment_events_pb2 as events
from amplify.assessment.v1 import report_pb2
from assessment.dates import contract_date
from assessment.domain import facts, remediation_facts
from assessment.domain.assessment import Assessment
from assessment.domain.compliance import ClusterResult, Rate
from assessment.domain.fact import Fact
from assessment.domain.plan import PlanChange
from assessment.domain.states import ReturnReason
from assessment.enums import to_contract
from assessment.remediation.contracts import TABLE as REMEDIATION
from chassis.facts import PRIVATE, Public, Routes, Translate, public


def contract_rate(rate: Rate) -> report_pb2.Rate:
    """Non-compliant points out of those assessed."""
    return report_pb2.Rate(non_compliant=rate.non_compliant, assessed=rate.assessed)


def contract_clusters(clusters: Iterable[ClusterResult]) -> list[report_pb2.ClusterResult]:
    """The rate of each cluster."""
    return [report_pb2.ClusterResult(cluster=one.cluster, rate=contract_rate(one.rate)) for one in clusters]


def _step(change: PlanChange) -> events.PlanStep:
    step = events.PlanStep(
        kind=to_contract(change.kind),
        actor=change.actor,
        first_day=contract_date(change.plan.first_day),
        last_day=contract_date(change.plan.last_day),
    )
    step.change_time.FromDatetime(change.at)
    return step


def _started(fact: facts.AssessmentStarted, assessment: Assessment) -> events.AssessmentStarted:
    message = events.AssessmentStarted(
        assessment_id=fact.assessment_id,
        factory_id=fact.factory_id,
        country=fact.country,
        team_leader=assessment.team.leader,
        advisors=assessment.team.advisors,
        questionnaire_id=fact.questionnaire_id,
        bank_version=fact.bank_version,
        plan_history=map(_step, fact.plan_history),
        on_site_days=map(contract_date, fact.plan.on_site_days),
    )
    message.start_time.FromDatetime(fact.at)
    message.release_due_time.FromDatetime(fact.release_due_at)
    return message


def _submitted(fact: facts.AssessmentSubmitted, assessment: Assessment) -> events.AssessmentSubmitted:
    message = events.AssessmentSubmitted(
        assessment_id=fact.assessment_id,
        factory_id=fact.factory_id,
        country=fact.country,
        team_leader=assessment.team.leader,
        round=fact.round,
        questions_answered=fact.questions_answered,
    )
    message.release_due_time.FromDatetime(fact.release_due_at)
    message.submit_time.FromDatetime(fact.at)
    return message


def _returned(fact: facts.AssessmentReturned, assessment: Assessment) -> events.AssessmentReturned:
    message = events.AssessmentReturned(
        assessment_id=fact.assessment_id,
        factory_id=fact.factory_id,
        country=fact.country,
        advisors=assessment.team.advisors,
        reason=to_contract(ReturnReason(fact.reason_code)),
    )
    message.return_time.FromDatetime(fact.at)
    return message


def _released(fact: facts.ReportReleased, assessment: Assessment) -> events.ReportReleased:
    message = events.ReportReleased(
        assessment_id=fact.assessment_id,
        factory_id=fact.factory_id,
        country=fact.country,
        questionnaire_id=fact.questionnaire_id,
        bank_version=fact.bank_version,
        clusters=contract_clusters(fact.compliance.clusters),
        overall=contract_rate(fact.compliance.overall),
        points=(
            events.ReleasedPoint(cluster=one.cluster, point=one.point, status=to_contract(one.status))
            for one in fact.compliance.points
        ),
        last_on_site_day=contract_date(assessment.clock.last_on_site_day),
    )
    message.release_time.FromDatetime(fact.at)
    message.release_due_time.FromDatetime(fact.release_due_at)
    return message


def _reminder_due(fact: facts.ReleaseReminderDue, assessment: Assessment) -> events.ReleaseReminderDue:
    message = events.ReleaseReminderDue(
        assessment_id=fact.assessment_id,
        factory_id=fact.factory_id,
        country=fact.country,
        team_leader=fact.team_leader,
        advisors=assessment.team.advisors,
        days_left=fact.days_left,
        due_day=contract_date(fact.due_day),
    )
    message.release_due_time.FromDatetime(fact.release_due_at)
    return message


def _overdue(fact: facts.ReleaseOverdue, _: Assessment) -> events.ReleaseOverdue:
    message = events.ReleaseOverdue(
        assessment_id=fact.assessment_id,
        factory_id=fact.factory_id,
        country=fact.country,
        team_leader=fact.team_leader,
        due_day=contract_date(fact.due_day),
    )
    message.release_due_time.FromDatetime(fact.release_due_at)
    return message


def _country(fact: Fact, _: Assessment) -> Mapping[str, str]:
    return {"country": fact.country}


def _announced(translate: Translate) -> Public:
    return public("assessment-assessments", translate, extensions=_country)


ROUTES = Routes(
    [facts, remediation_facts],
    {
        facts.AssessmentPlanned: PRIVATE,
        facts.AssessmentRescheduled: PRIVATE,
        facts.AssessmentCancelled: PRIVATE,
        facts.AssessmentStarted: _announced(_started),
        facts.AnswersRecorded: PRIVATE,
        facts.AssessmentSubmitted: _announced(_submitted),
        facts.AssessmentReturned: _announced(_returned),
        facts.ReportReleased: _announced(_released),
        facts.ReleaseReminderDue: _announced(_reminder_due),
        facts.ReleaseOverdue: _announced(_overdue),
        **REMEDIATION,
    },
)
