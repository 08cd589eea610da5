"""Answers, and the rule by which they meet: whatever the order and the repetition, the result is the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from assessment.domain.errors import Problem
from assessment.domain.questions import AnswerKind, Questionnaire

CLOCK_TOLERANCE = timedelta(seconds=30)
"""How far a device's clock may differ from ours before the time of an answer is refused."""


class Finding(StrEnum):
    """The answer to a scored question. NOT_APPLICABLE and NOT_ASSESSED count for nothing."""

    NON_COMPLIANT = "non_compliant"
    COMPLIANT = "compliant"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


Value = Finding | int | bool | date
"""By the question's kind: a Finding, a count, a percentage, yes or no, a day."""


class Operation(NamedTuple):
    """One advisor's answer to one question. Once kept, it is the question's current answer.

    `operation_id` is chosen by the client, `answered_at` is in UTC and whole milliseconds (as the database keeps it),
    `note` is free text that never leaves this service, `author` the opaque id of the advisor.
    """

    operation_id: str
    question_id: str
    value: Value
    note: str
    answered_at: datetime
    author: str


def newer(candidate: Operation, current: Operation) -> bool:
    """Whether the candidate takes the current answer's place: the later one does; the greater id decides a tie."""
    return (candidate.answered_at, candidate.operation_id) > (current.answered_at, current.operation_id)


def merge(current: Mapping[str, Operation], operations: Iterable[Operation]) -> dict[str, Operation]:
    """The answers that the operations change, by question id; what is older than the current answer changes nothing."""
    changed: dict[str, Operation] = {}
    for operation in operations:
        known = changed.get(operation.question_id) or current.get(operation.question_id)
        if known is None or newer(operation, known):
            changed[operation.question_id] = operation
    return changed


def problems_of(
    operations: Sequence[Operation],
    current: Mapping[str, Operation],
    questionnaire: Questionnaire,
    started_at: datetime,
    now: datetime,
) -> tuple[Problem, ...]:
    """Every reason why operations cannot be recorded, with the field it stands at; empty when all can be."""
    questions = questionnaire.by_id
    earliest, latest = started_at - CLOCK_TOLERANCE, now + CLOCK_TOLERANCE
    seen: dict[str, Operation] = {}
    found: list[Problem] = []
    for index, operation in enumerate(operations):
        operation_id, question_id, value, _, answered_at, _ = operation
        question = questions.get(question_id)
        if question is None:
            description = f"this is not a question of the assessment's questionnaire, {questionnaire.id}"
            found.append(_at(index, "question_id", "QUESTION_NOT_IN_QUESTIONNAIRE", description))
        elif not _FITS[question.kind](value):
            description = f"{question.id} is answered by {_EXPECTED[question.kind]}"
            found.append(_at(index, "value", "ANSWER_KIND_MISMATCH", description))
        if not earliest <= answered_at <= latest:
            rule = "is in the future" if answered_at > latest else "is before the start of the assessment"
            found.append(_at(index, "answer_time", "ANSWER_TIME_INVALID", f"the time of the answer {rule}"))
        known = seen.setdefault(operation_id, operation)
        kept = current.get(question_id)
        if kept is not None and kept.operation_id == operation_id:
            known = kept
        if known is not operation and known != operation:
            found.append(_at(index, "operation_id", "OPERATION_ID_REUSED", "this id was used for another answer"))
    return tuple(found)


def _at(index: int, field: str, reason: str, description: str) -> Problem:
    return Problem(f"operations[{index}].{field}", reason, description)


def _whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_FITS: Mapping[AnswerKind, Callable[[Value], bool]] = {
    AnswerKind.FINDING: lambda value: isinstance(value, Finding),
    AnswerKind.COUNT: lambda value: _whole(value) and 0 <= value <= 1_000_000,  # type: ignore[operator]
    AnswerKind.PERCENTAGE: lambda value: _whole(value) and 0 <= value <= 100,  # type: ignore[operator]
    AnswerKind.YES_NO: lambda value: isinstance(value, bool),
    AnswerKind.DATE: lambda value: isinstance(value, date) and 1950 <= value.year <= 2100,
}
_EXPECTED = {
    AnswerKind.FINDING: "a finding",
    AnswerKind.COUNT: "a whole number from 0 to 1,000,000",
    AnswerKind.PERCENTAGE: "a whole number from 0 to 100",
    AnswerKind.YES_NO: "yes or no",
    AnswerKind.DATE: "a day between 1950 and 2100",
}
