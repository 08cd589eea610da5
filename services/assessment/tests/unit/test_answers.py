"""Operations on answers converge, whatever their order and repetition, and wrong ones are named by their field."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.bank import load_bank
from assessment.domain.answers import Finding, Operation, Value, merge, problems_of
from assessment.domain.errors import InvalidAnswers, NotOnTeam, WrongState
from assessment.domain.facts import AnswersRecorded
from assessment.domain.questions import Questionnaire

from .builders import (
    LEADER,
    MORNING,
    QUESTION_IDS,
    QUESTIONNAIRE,
    RINA,
    STRANGER,
    TARIQ,
    operation,
    planned,
    started,
    submitted,
)

NOON = MORNING + timedelta(hours=3)

operations = st.builds(
    Operation,
    operation_id=st.uuids().map(str),
    question_id=st.sampled_from(QUESTION_IDS[:4]),
    value=st.sampled_from(Finding),
    note=st.just(""),
    answered_at=st.integers(0, 5).map(lambda minute: MORNING + timedelta(minutes=minute)),
    author=st.sampled_from([RINA, TARIQ]),
)


def applied(*batches: list[Operation]) -> dict[str, Operation]:
    current: dict[str, Operation] = {}
    for batch in batches:
        current |= merge(current, batch)
    return current


@given(st.data(), st.lists(operations, max_size=12, unique_by=lambda each: each.operation_id))
def test_any_order_repetition_and_batching_gives_the_same_answers(data: st.DataObject, given: list[Operation]) -> None:
    repeated = given + data.draw(st.lists(st.sampled_from(given), max_size=6) if given else st.just([]))
    shuffled = data.draw(st.permutations(repeated))
    cut = data.draw(st.integers(0, len(shuffled)))
    assert applied(shuffled[:cut], shuffled[cut:]) == applied(given)


@given(st.lists(operations, min_size=1, max_size=12, unique_by=lambda each: each.operation_id))
def test_the_current_answer_is_the_latest_one_the_greater_id_deciding_a_tie(given: list[Operation]) -> None:
    for question_id, answer in applied(given).items():
        rivals = [each for each in given if each.question_id == question_id]
        assert answer == sorted(rivals, key=lambda each: (each.answered_at, each.operation_id))[-1]


def test_recording_tells_how_many_and_never_what() -> None:
    assessment = started()
    given = [operation(QUESTION_IDS[0], note="seen at line 4"), operation(QUESTION_IDS[1])]
    changed = assessment.record_answers(given, {}, QUESTIONNAIRE, RINA, NOON)
    assert assessment.recorded[-1] == AnswersRecorded("a-1", "bd-1001", "BD", RINA, NOON, 2, 2)
    assert set(changed) == {QUESTION_IDS[0], QUESTION_IDS[1]}


def test_a_repeated_operation_changes_nothing() -> None:
    kept = operation()
    assessment = started()
    assert assessment.record_answers([kept], {kept.question_id: kept}, QUESTIONNAIRE, RINA, NOON) == {}
    assert not any(isinstance(fact, AnswersRecorded) for fact in assessment.recorded)


def test_only_the_advisors_of_the_visit_record() -> None:
    for person in (LEADER, STRANGER):
        with pytest.raises(NotOnTeam):
            started().record_answers([operation()], {}, QUESTIONNAIRE, person, NOON)


def test_nothing_is_recorded_before_the_start_or_after_submission() -> None:
    for assessment in (planned(), submitted()):
        with pytest.raises(WrongState):
            assessment.record_answers([operation()], {}, QUESTIONNAIRE, RINA, NOON)


def test_one_wrong_operation_refuses_all_and_names_its_field() -> None:
    assessment = started()
    facts_before = list(assessment.recorded)
    with pytest.raises(InvalidAnswers) as refused:
        assessment.record_answers([operation(), operation("bd-elsewhere", id="x")], {}, QUESTIONNAIRE, RINA, NOON)
    assert [(problem.field, problem.reason) for problem in refused.value.problems] == [
        ("operations[1].question_id", "QUESTION_NOT_IN_QUESTIONNAIRE")
    ]
    assert assessment.recorded == facts_before


@pytest.mark.parametrize(
    ("answered_at", "allowed"),
    [
        (MORNING - timedelta(minutes=1), False),
        (MORNING, True),
        (NOON + timedelta(seconds=30), True),
        (NOON + timedelta(minutes=1), False),
    ],
)
def test_answers_are_given_between_the_start_and_now(answered_at: datetime, allowed: bool) -> None:
    given = [operation()._replace(answered_at=answered_at)]
    problems = problems_of(given, {}, QUESTIONNAIRE, MORNING, NOON)
    assert [problem.field for problem in problems] == ([] if allowed else ["operations[0].answer_time"])


def test_an_operation_id_stands_for_one_answer() -> None:
    first, other = operation(id="same"), operation(id="same", value=Finding.NON_COMPLIANT)
    for current, sent in [({}, [first, other]), ({first.question_id: first}, [other])]:
        problems = problems_of(sent, current, QUESTIONNAIRE, MORNING, NOON)
        assert [problem.reason for problem in problems] == ["OPERATION_ID_REUSED"]
    assert problems_of([first, first], {first.question_id: first}, QUESTIONNAIRE, MORNING, NOON) == ()


FITS: dict[str, tuple[list[Value], list[Value]]] = {
    "bd-1-1-1": ([Finding.NOT_APPLICABLE], [0, True, date(2026, 1, 1)]),
    "bd-1-3-5": ([0, 12, 1_000_000], [-1, 1_000_001, True, Finding.COMPLIANT]),
    "bd-7-8-7": ([date(2026, 11, 1)], [date(1920, 1, 1), 3, False]),
    "bd-7-8-8": ([True, False], [1, Finding.COMPLIANT]),
}


@pytest.mark.parametrize("question_id", FITS)
def test_a_value_has_the_kind_its_question_asks_for(question_id: str) -> None:
    real: Questionnaire | None = load_bank().questionnaire("BD", date(2026, 11, 23))
    assert real
    good, bad = FITS[question_id]
    for value, expected in [(each, []) for each in good] + [(each, ["operations[0].value"]) for each in bad]:
        given = [operation()._replace(question_id=question_id, value=value)]
        assert [problem.field for problem in problems_of(given, {}, real, MORNING, NOON)] == expected
