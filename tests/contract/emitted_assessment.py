"""How assessment comes to record each of its public facts, with the same data every time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from assessment.contracts import ROUTES
from assessment.domain.answers import Finding, Operation
from assessment.domain.assessment import Assessment, plan_assessment
from assessment.domain.plan import Plan, Team
from assessment.domain.questions import AnswerKind, Cluster, CompliancePoint, Question, Questionnaire, Sourced
from assessment.domain.reminders import escalate_release, remind_of_release
from assessment.domain.states import ReturnReason
from assessment.storage import assessments
from chassis.unit_of_work import unit_of_work

from .emitting import emitted

PLANNED_AT = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
ARRIVED_AT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)
"""Nine in the morning in Dhaka."""

LEADER = "0d1c6f0a-52a4-4f7e-9d55-6c1b8e2f4a01"
ADVISORS = ("5b0e7f0c-6a1d-4d0e-9f0a-0d6f3f6f1a11", "7c2d9e4b-1f3a-4b6c-8d7e-9a0b1c2d3e12")
ASSESSMENT = "b6a1f7e2-3c4d-4e5f-8a9b-0c1d2e3f4a55"
VISIT = Plan(date(2026, 3, 16), date(2026, 3, 27), (date(2026, 3, 16), date(2026, 3, 17)))
POINTS = {"child-labour": ("child-labourers", "hazardous-work"), "working-time": ("overtime",)}


def _question(number: int, cluster: str, point: str) -> Question:
    return Question(
        id=f"bd-{number}",
        global_id=f"question-{number}",
        country="BD",
        cluster=cluster,
        point=point,
        kind=AnswerKind.FINDING,
        text={"en": "?"},
        finding={"en": "!"},
        reference=Sourced("", None),
        thresholds=(),
        tags=(),
        effective_from=date(2026, 1, 1),
        effective_to=None,
    )


def _questionnaire() -> Questionnaire:
    clusters = tuple(
        Cluster(key, number, "", {"en": key}, tuple(CompliancePoint(point, {"en": point}, None) for point in points))
        for number, (key, points) in enumerate(POINTS.items(), start=1)
    )
    places = [(cluster, point) for cluster, points in POINTS.items() for point in points]
    questions = tuple(_question(number, *place) for number, place in enumerate(places, start=1))
    made = Questionnaire("BD", date(2026, 1, 1), "2026.1", clusters, questions, {})
    made.__dict__["id"] = "bd-20260101-5f0c1a2b3c4d"  # The real one is a digest of every text.
    return made


QUESTIONNAIRE = _questionnaire()


def _planned(plan: Plan = VISIT) -> Assessment:
    team = Team(LEADER, ADVISORS)
    return plan_assessment(ASSESSMENT, "bd-1001", "BD", "Asia/Dhaka", team, plan, LEADER, PLANNED_AT)


def _begin(assessment: Assessment) -> Assessment:
    assessment.start(QUESTIONNAIRE, 28, ADVISORS[0], ARRIVED_AT)
    return assessment


def _moved() -> Assessment:
    assessment = _planned(Plan(date(2026, 3, 9), date(2026, 3, 20), (date(2026, 3, 9),)))
    assessment.reschedule(VISIT, LEADER, PLANNED_AT + timedelta(days=2))
    return assessment


def _answers(*findings: Finding) -> dict[str, Operation]:
    return {
        question.id: Operation(f"operation-{question.id}", question.id, finding, "", ARRIVED_AT, ADVISORS[0])
        for question, finding in zip(QUESTIONNAIRE.questions, findings, strict=True)
    }


MIXED = _answers(Finding.COMPLIANT, Finding.NON_COMPLIANT, Finding.NOT_ASSESSED)


def _submitted(answers: dict[str, Operation] = MIXED) -> Assessment:
    assessment = _begin(_planned())
    assessment.submit(QUESTIONNAIRE, answers, ADVISORS[1], ARRIVED_AT + timedelta(days=1, hours=8))
    return assessment


def _returned() -> Assessment:
    assessment = _submitted()
    assessment.return_to_team(ReturnReason.ANSWER_UNCLEAR, LEADER, ARRIVED_AT + timedelta(days=2))
    return assessment


def _submitted_again() -> Assessment:
    assessment = _returned()
    assessment.submit(QUESTIONNAIRE, MIXED, ADVISORS[1], ARRIVED_AT + timedelta(days=3))
    return assessment


def _released(answers: dict[str, Operation] = MIXED) -> Assessment:
    assessment = _submitted(answers)
    assessment.release(QUESTIONNAIRE, answers, LEADER, ARRIVED_AT + timedelta(days=9))
    return assessment


def _nothing_found() -> Assessment:
    return _released(_answers(Finding.COMPLIANT, Finding.COMPLIANT, Finding.NOT_APPLICABLE))


def _reminded() -> Assessment:
    assessment = _submitted()
    remind_of_release(assessment, 7, datetime(2026, 4, 7, 3, 0, tzinfo=UTC))
    return assessment


def _overdue() -> Assessment:
    assessment = _submitted()
    escalate_release(assessment, datetime(2026, 4, 14, 18, 0, tzinfo=UTC))
    return assessment


def keep_released() -> None:
    """Keep the assessment of the examples, which readers of its own facts look up."""
    unit_of_work(lambda: assessments.add(_released()))


MAKERS: dict[str, Callable[[], Any]] = {
    "AssessmentStarted/as-planned": lambda: _begin(_planned()),
    "AssessmentStarted/after-a-move": lambda: _begin(_moved()),
    "AssessmentSubmitted/first-round": _submitted,
    "AssessmentSubmitted/second-round": _submitted_again,
    "AssessmentReturned/answer-unclear": _returned,
    "ReportReleased/with-findings": _released,
    "ReportReleased/nothing-found": _nothing_found,
    "ReleaseReminderDue/seven-days": _reminded,
    "ReleaseOverdue/not-released": _overdue,
}
EMITTED = emitted("amplify.assessment.v1", ROUTES, MAKERS)
