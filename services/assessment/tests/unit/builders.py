"""Ready-made people, plans and assessments for the unit tests."""

from datetime import UTC, date, datetime, timedelta

from assessment.bank.generated import generated_bank
from assessment.domain.answers import Finding, Operation
from assessment.domain.assessment import Assessment, plan_assessment
from assessment.domain.plan import Plan, Team
from assessment.domain.questions import Questionnaire

LEADER, RINA, TARIQ, STRANGER = "leader", "rina", "tariq", "stranger"
MORNING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Nine in the morning in Dhaka."""

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
VISIT = Plan(TODAY, TODAY + timedelta(days=13), (TODAY, TOMORROW))

found = generated_bank(40).questionnaire("BD", TODAY)
assert found
QUESTIONNAIRE: Questionnaire = found
QUESTION_IDS = [question.id for question in QUESTIONNAIRE.questions]


def planned(plan: Plan = VISIT) -> Assessment:
    """A planned visit to a factory in Bangladesh."""
    return plan_assessment("a-1", "bd-1001", "BD", "Asia/Dhaka", Team(LEADER, (RINA, TARIQ)), plan, LEADER, MORNING)


def started() -> Assessment:
    """The same visit, begun this morning."""
    assessment = planned()
    assessment.start(QUESTIONNAIRE, 28, RINA, MORNING)
    return assessment


def submitted() -> Assessment:
    """The same visit, handed over this evening."""
    assessment = started()
    assessment.submit(QUESTIONNAIRE, answers(), RINA, MORNING + timedelta(hours=8))
    return assessment


def answers(finding: Finding = Finding.COMPLIANT) -> dict[str, Operation]:
    """The same finding for every question."""
    return {each: operation(each, finding) for each in QUESTION_IDS}


def operation(
    question_id: str = QUESTION_IDS[0],
    value: Finding | int = Finding.COMPLIANT,
    *,
    id: str = "",
    minute: int = 1,
    note: str = "",
    author: str = RINA,
) -> Operation:
    """An answer given so many minutes after the start of the visit."""
    return Operation(id or f"op-{question_id}", question_id, value, note, MORNING + timedelta(minutes=minute), author)
