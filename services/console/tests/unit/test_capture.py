"""Answers between browser and assessment, and the sheet they are given on."""

import json
from uuid import uuid4

import grpc
import pytest

from amplify.assessment.v1.assessment_pb2 import Answer, Finding
from amplify.assessment.v1.questionnaire_pb2 import Cluster, CompliancePoint, Question, Questionnaire
from console.clients.troubles import Refused, Violation
from console.pages.capture.operations import Unreadable, request_of, wrong_ones
from console.pages.capture.sheet import lay_out, value_of
from console.texts import LANGUAGES

ASSESSMENT = str(uuid4())


def sent(kind: str = "finding", value: str = "compliant", **other: str) -> dict[str, str]:
    plain = {"operation_id": str(uuid4()), "question_id": "bd-1-1-1", "kind": kind, "value": value, "note": " Seen. "}
    return {**plain, "answered_at": "2026-03-01T08:30:00.250Z", **other}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("finding", "not_applicable"), ("count", "12"), ("percentage", "40"), ("yes_no", "no"), ("date", "2026-01-31")],
)
def test_each_kind_of_answer_arrives_as_it_was_given(kind: str, value: str) -> None:
    (operation,) = request_of(ASSESSMENT, json.dumps([sent(kind, value)])).operations
    kept = Answer()
    field = operation.WhichOneof("value")
    assert field is not None
    if field == "day":
        kept.day.CopyFrom(operation.day)
    else:
        setattr(kept, field, getattr(operation, field))
    assert value_of(kept) == value
    assert operation.note == "Seen."
    assert operation.answer_time.ToMilliseconds() == 1772353800250


def test_the_same_batch_sent_again_is_the_same_request() -> None:
    batch = json.dumps([sent(), sent()])
    assert request_of(ASSESSMENT, batch) == request_of(ASSESSMENT, batch)
    assert request_of(ASSESSMENT, batch).request_id != request_of(ASSESSMENT, json.dumps([sent()])).request_id


@pytest.mark.parametrize("wrong", ["", "{}", "[]", "[1]", "[{}]"])
def test_what_is_not_a_list_of_answers_is_unreadable(wrong: str) -> None:
    with pytest.raises(Unreadable) as refused:
        request_of(ASSESSMENT, wrong)
    assert not refused.value.operations


@pytest.mark.parametrize(
    ("kind", "value"), [("colour", "red"), ("count", "many"), ("count", "5.0"), ("percentage", "1e3"), ("date", "soon")]
)
def test_an_answer_that_cannot_be_read_is_named(kind: str, value: str) -> None:
    wrong = sent(kind, value)
    with pytest.raises(Unreadable) as refused:
        request_of(ASSESSMENT, json.dumps([sent(), wrong, sent()]))
    assert refused.value.operations == [wrong["operation_id"]]


def test_a_violation_is_told_at_its_operation() -> None:
    request = request_of(ASSESSMENT, json.dumps([sent(), sent()]))
    violations = (
        Violation("operations[1].answer_time", "ANSWER_TIME_INVALID", "is in the future"),
        Violation("name", "X", "is of no operation"),
    )
    refusal = Refused("assessment", grpc.StatusCode.INVALID_ARGUMENT, "ANSWERS_INVALID", "wrong", violations)
    told = wrong_ones(request, refusal, lambda _, description: description)
    assert told == [{"operation_id": request.operations[1].operation_id, "said": "is in the future"}]


def test_the_sheet_keeps_the_order_of_the_questionnaire_and_marks_what_is_unconfirmed() -> None:
    points = [CompliancePoint(key="b", text={"en": "B"}, source="s"), CompliancePoint(key="a", text={"en": "A"})]
    questionnaire = Questionnaire(
        clusters=[Cluster(key="c", number=1, text={"en": "C", "ar": "ج"}, points=points)],
        questions=[
            Question(question_id="2", cluster="c", point="a", text={"en": "Second?"}),
            Question(question_id="1", cluster="c", point="b", text={"en": "First?"}),
        ],
    )
    answers = {"1": Answer(question_id="1", finding=Finding.FINDING_COMPLIANT)}
    (cluster,) = lay_out(questionnaire, answers, LANGUAGES["ar"])
    assert (cluster.name.text, cluster.name.language) == ("ج", "ar")
    assert [(point.name.text, point.confirmed) for point in cluster.points] == [("B", True), ("A", False)]
    assert [entry.value for point in cluster.points for entry in point.entries] == ["compliant", ""]
    assert cluster.points[0].name.language == "en"
