"""Compliance agrees with a slow reference written the way analysts count on a table of answers."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessment.bank import load_bank
from assessment.domain.answers import Finding, Value
from assessment.domain.compliance import PointStatus, Rate, compute
from assessment.domain.questions import Questionnaire

from .builders import QUESTIONNAIRE

found = load_bank().questionnaire("JO", date(2026, 11, 23))
assert found
REAL: Questionnaire = found


def rows_of(questionnaire: Questionnaire, answers: dict[str, Value]) -> list[tuple[str, str, int]]:
    """The table analysts start from: cluster, point and 0 or 1 for each scored question that was assessed."""
    score = {Finding.NON_COMPLIANT: 1, Finding.COMPLIANT: 0}
    return [
        (question.cluster, question.point, score[value])
        for question in questionnaire.questions
        for value in [answers.get(question.id)]
        if question.kind.value == "finding" and isinstance(value, Finding) and value in score
    ]


def reference_rate(rows: list[tuple[str, str, int]], cluster: str | None) -> tuple[int, int]:
    """Sum the ones of each point, count the points with a sum above nought, divide by the points that have a row."""
    sums: dict[str, int] = {}
    for row_cluster, point, score in rows:
        if cluster in (None, row_cluster):
            sums[point] = sums.get(point, 0) + score
    return len([total for total in sums.values() if total > 0]), len(sums)


def answered(questionnaire: Questionnaire) -> st.SearchStrategy[dict[str, Value]]:
    findings = {question.id: st.sampled_from(Finding) for question in questionnaire.questions if question.scored}
    return st.fixed_dictionaries({}, optional=findings)


@given(answered(REAL) | answered(REAL).map(lambda each: dict.fromkeys(each, Finding.NOT_ASSESSED)))
def test_rates_agree_with_the_reference(answers: dict[str, Value]) -> None:
    result, rows = compute(REAL, answers), rows_of(REAL, answers)
    assert (result.overall.non_compliant, result.overall.assessed) == reference_rate(rows, None)
    for each in result.clusters:
        assert (each.rate.non_compliant, each.rate.assessed) == reference_rate(rows, each.cluster)
    assert sum(each.rate.assessed for each in result.clusters) == result.overall.assessed
    if result.overall.assessed:
        assert 0 <= Fraction(result.overall.non_compliant, result.overall.assessed) <= 1


@given(answered(REAL))
def test_context_answers_count_for_nothing(answers: dict[str, Value]) -> None:
    context: dict[str, Value] = {question.id: 1 for question in REAL.questions if not question.scored}
    assert context
    assert compute(REAL, answers | context) == compute(REAL, answers)


@given(answered(REAL))
def test_a_worse_answer_never_improves_a_rate(answers: dict[str, Value]) -> None:
    for question_id in list(answers)[:3]:
        worse = compute(REAL, answers | {question_id: Finding.NON_COMPLIANT})
        assert worse.overall.non_compliant >= compute(REAL, answers).overall.non_compliant


def test_one_finding_makes_its_point_and_no_other_non_compliant() -> None:
    answers: dict[str, Value] = {question.id: Finding.COMPLIANT for question in QUESTIONNAIRE.questions}
    wrong = QUESTIONNAIRE.questions[5]
    result = compute(QUESTIONNAIRE, answers | {wrong.id: Finding.NON_COMPLIANT})
    assert [(each.point, each.findings) for each in result.points if each.status is PointStatus.NON_COMPLIANT] == [
        (wrong.point, (wrong.id,))
    ]
    assert result.overall == Rate(1, 38)


def test_a_point_with_nothing_assessed_leaves_the_count() -> None:
    answers: dict[str, Value] = {question.id: Finding.COMPLIANT for question in QUESTIONNAIRE.questions}
    left_out = {
        question.id: finding
        for question, finding in zip(
            [each for each in QUESTIONNAIRE.questions if each.point == "child-labourers"],
            [Finding.NOT_APPLICABLE, Finding.NOT_ASSESSED],
            strict=True,
        )
    }
    result = compute(QUESTIONNAIRE, answers | left_out)
    assert result.overall == Rate(0, 37)
    assert next(each for each in result.clusters if each.cluster == "child-labour").rate == Rate(0, 2)


def test_with_nothing_assessed_there_is_no_rate() -> None:
    assert compute(QUESTIONNAIRE, {}).overall == Rate(0, 0)
