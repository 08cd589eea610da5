"""Resources as the contract shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from google.type.date_pb2 import Date

from amplify.assessment.v1 import assessment_pb2, questionnaire_pb2, report_pb2
from assessment.contracts import contract_clusters, contract_rate
from assessment.dates import contract_date
from assessment.domain.answers import Finding, Operation
from assessment.domain.assessment import Assessment
from assessment.domain.plan import Plan, PlanChange
from assessment.domain.questions import AnswerKind, Cluster, Question, Questionnaire, Sourced
from assessment.domain.report import Report
from assessment.enums import to_contract
from assessment.storage import assessments
from chassis.database import Row

_CONFIRMED = questionnaire_pb2.SOURCE_CONFIRMATION_CONFIRMED
_UNCONFIRMED = questionnaire_pb2.SOURCE_CONFIRMATION_UNCONFIRMED


def present_row(row: Row) -> assessment_pb2.Assessment:
    """An assessment as it is stored."""
    return present(assessments.revive(row), assessments.etag(row))


def present(assessment: Assessment, etag: str) -> assessment_pb2.Assessment:
    """An assessment without its answers."""
    message = assessment_pb2.Assessment(
        name=f"assessments/{assessment.id}",
        factory=f"factories/{assessment.factory_id}",
        country=assessment.country,
        time_zone=assessment.time_zone,
        team_leader=assessment.team.leader,
        advisors=assessment.team.advisors,
        window=_window(assessment.plan),
        on_site_days=map(contract_date, assessment.plan.on_site_days),
        plan_history=map(_change, assessment.plan_history),
        state=to_contract(assessment.state),
        cancel_reason=to_contract(assessment.cancel_reason),
        return_reason=to_contract(assessment.return_reason),
        questionnaire=f"questionnaires/{assessment.questionnaire_id}" if assessment.questionnaire_id else "",
        rounds=assessment.rounds,
        etag=etag,
    )
    if assessment.started_at:
        message.start_time.FromDatetime(assessment.started_at)
        message.release_due_time.FromDatetime(assessment.clock.due_at)
    if assessment.submitted_at:
        message.submit_time.FromDatetime(assessment.submitted_at)
    if assessment.report:
        message.release_time.FromDatetime(assessment.report.released_at)
    return message


def present_report(assessment: Assessment, report: Report) -> report_pb2.Report:
    """A released report."""
    compliance = report.compliance
    points = [
        report_pb2.PointResult(
            cluster=one.cluster, point=one.point, status=to_contract(one.status), findings=one.findings
        )
        for one in compliance.points
    ]
    message = report_pb2.Report(
        name=f"assessments/{assessment.id}/report",
        factory=f"factories/{assessment.factory_id}",
        country=assessment.country,
        questionnaire=f"questionnaires/{report.questionnaire_id}",
        bank_version=report.bank_version,
        points=points,
        clusters=contract_clusters(compliance.clusters),
        overall=contract_rate(compliance.overall),
        released_by=report.released_by,
        etag='"1"',
    )
    message.release_time.FromDatetime(report.released_at)
    return message


def present_answer(assessment_id: str, answer: Operation, kind: AnswerKind) -> assessment_pb2.Answer:
    """A current answer; the question's kind says which field of the value it fills."""
    value: Any = answer.value
    if isinstance(value, Finding):
        value = to_contract(value)
    elif isinstance(value, date):
        value = contract_date(value)
    field = "day" if kind is AnswerKind.DATE else kind.value
    message = assessment_pb2.Answer(
        name=f"assessments/{assessment_id}/answers/{answer.question_id}",
        question_id=answer.question_id,
        operation_id=answer.operation_id,
        note=answer.note,
        author=answer.author,
        **{field: value},
    )
    message.answer_time.FromDatetime(answer.answered_at)
    return message


def present_questionnaire(questionnaire: Questionnaire) -> questionnaire_pb2.Questionnaire:
    """A questionnaire with all its questions."""
    return questionnaire_pb2.Questionnaire(
        name=f"questionnaires/{questionnaire.id}",
        country=questionnaire.country,
        effective_on=contract_date(questionnaire.effective_on),
        bank_version=questionnaire.bank_version,
        clusters=map(_cluster, questionnaire.clusters),
        questions=map(_question, questionnaire.questions),
        questions_count=len(questionnaire.questions),
        sources=questionnaire.sources,
        etag=_digest(questionnaire.id),
    )


def present_questionnaire_head(row: Mapping[str, Any]) -> questionnaire_pb2.Questionnaire:
    """What a list shows of a stored questionnaire."""
    return questionnaire_pb2.Questionnaire(
        name=f"questionnaires/{row['_id']}",
        country=row["country"],
        effective_on=contract_date(date.fromisoformat(row["effective_on"])),
        bank_version=row["bank_version"],
        questions_count=row["questions_count"],
        etag=_digest(row["_id"]),
    )


def _digest(questionnaire_id: str) -> str:
    return f'"{questionnaire_id.rsplit("-", 1)[1]}"'


def _window(plan: Plan) -> assessment_pb2.Window:
    return assessment_pb2.Window(first_day=contract_date(plan.first_day), last_day=contract_date(plan.last_day))


def _change(change: PlanChange) -> assessment_pb2.PlanChange:
    message = assessment_pb2.PlanChange(
        kind=to_contract(change.kind),
        actor=change.actor,
        window=_window(change.plan),
        on_site_days=map(contract_date, change.plan.on_site_days),
    )
    message.change_time.FromDatetime(change.at)
    return message


def _cluster(cluster: Cluster) -> questionnaire_pb2.Cluster:
    points = [
        questionnaire_pb2.CompliancePoint(key=point.key, text=point.name, **_source(point.name_source))
        for point in cluster.points
    ]
    return questionnaire_pb2.Cluster(
        key=cluster.key, number=cluster.number, basis=cluster.basis, text=cluster.name, points=points
    )


def _question(question: Question) -> questionnaire_pb2.Question:
    scored, context = questionnaire_pb2.QUESTION_TYPE_SCORED, questionnaire_pb2.QUESTION_TYPE_CONTEXT
    return questionnaire_pb2.Question(
        question_id=question.id,
        global_id=question.global_id,
        cluster=question.cluster,
        point=question.point,
        type=scored if question.scored else context,
        answer_kind=to_contract(question.kind),
        text=question.text,
        finding=question.finding,
        reference=_statement(question.reference),
        thresholds=[
            questionnaire_pb2.Threshold(key=one.name, value=one.value, unit=one.unit, **_source(one.source))
            for one in question.thresholds
        ],
        tags=map(_statement, question.tags),
        effective_from=contract_date(question.effective_from),
        effective_to=_day_or_none(question.effective_to),
    )


def _statement(statement: Sourced) -> questionnaire_pb2.SourcedStatement:
    return questionnaire_pb2.SourcedStatement(statement=statement.text, **_source(statement.source))


def _source(key: str | None) -> dict[str, Any]:
    return {"source": key or "", "source_confirmation": _CONFIRMED if key else _UNCONFIRMED}


def _day_or_none(day: date | None) -> Date | None:
    return None if day is None else contract_date(day)
