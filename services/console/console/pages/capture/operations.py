"""Answers on their way from the browser to assessment, and what is said of those that are refused."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5

from amplify.assessment.v1.assessment_pb2 import Finding
from amplify.assessment.v1.recording_pb2 import AnswerOperation, RecordAnswersRequest
from console.clients.troubles import Refused
from console.codes import number
from console.forms import Words
from console.times import day_message

MOST = 500
_WRONG = (ValueError, KeyError, TypeError, AttributeError)


class Unreadable(Exception):
    """What the browser sent is no list of answers; `operations` are the ids of those at fault, where they have any."""

    def __init__(self, operations: Sequence[str] = ()) -> None:
        super().__init__(*operations)
        self.operations = operations


def request_of(assessment: str, sent: str) -> RecordAnswersRequest:
    """The request for a JSON list of operations; raises Unreadable.

    The request id is made from the operations, so that the same batch sent again is the same request.
    """
    try:
        listed = [(one["operation_id"], one) for one in json.loads(sent)[:MOST]]
    except _WRONG as error:
        raise Unreadable from error
    operations, wrong = [], []
    for operation_id, one in listed:
        try:
            operations.append(_operation(one))
        except _WRONG:
            wrong.append(operation_id)
    if wrong or not operations:
        raise Unreadable(wrong)
    batch = uuid5(NAMESPACE_OID, sent)
    return RecordAnswersRequest(name=f"assessments/{assessment}", operations=operations, request_id=str(batch))


def wrong_ones(request: RecordAnswersRequest, refusal: Refused, words: Words) -> list[dict[str, str]]:
    """What to say at each operation that was refused."""
    found = []
    for violation in refusal.violations:
        place = re.match(r"operations\[(\d+)\]", violation.field)
        if place and int(place[1]) < len(request.operations):
            operation = request.operations[int(place[1])]
            said = words(violation.reason, violation.description)
            found.append({"operation_id": operation.operation_id, "said": said})
    return found


def _operation(sent: Mapping[str, str]) -> AnswerOperation:
    operation = AnswerOperation(
        operation_id=sent["operation_id"], question_id=sent["question_id"], note=sent["note"].strip()
    )
    operation.answer_time.FromDatetime(datetime.fromisoformat(sent["answered_at"]))
    value = sent["value"]
    match sent["kind"]:
        case "finding":
            operation.finding = Finding.ValueType(number(Finding, value))
        case "count":
            operation.count = int(value)
        case "percentage":
            operation.percentage = int(value)
        case "yes_no":
            operation.yes_no = {"yes": True, "no": False}[value]
        case "date":
            operation.day.CopyFrom(day_message(date.fromisoformat(value)))
        case _:
            raise ValueError(sent["kind"])
    return operation
