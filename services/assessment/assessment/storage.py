"""How assessments are kept: one document each, its answers in a part that only saving answers touches."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import mongoengine as me

from assessment.contracts import ROUTES
from assessment.domain.answers import Finding, Operation, Value
from assessment.domain.assessment import Assessment
from assessment.domain.states import State
from chassis.access import Filter
from chassis.database import Row
from chassis.repository import Repository, RootDocument
from chassis.unit_of_work import current

WHOLE_FROM = 50
"""From so many operations on it is cheaper to read and write all answers than so many paths of them."""


class TeamPart(me.EmbeddedDocument):  # type: ignore[misc]
    """Opaque ids of the team."""

    leader = me.StringField(required=True)
    advisors = me.ListField(me.StringField(), required=True)


class PlanPart(me.EmbeddedDocument):  # type: ignore[misc]
    """Calendar days of the country, as text such as 2026-01-31, which sorts as days do."""

    first_day = me.StringField(required=True)
    last_day = me.StringField(required=True)
    on_site_days = me.ListField(me.StringField(), required=True)


class AssessmentDocument(RootDocument):
    """The root. `answers` maps a question's id to its current answer: op, v, n (a note, may be absent), at, by."""

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    time_zone = me.StringField(required=True)
    team = me.EmbeddedDocumentField(TeamPart, required=True)
    plan = me.EmbeddedDocumentField(PlanPart, required=True)
    plan_history = me.ListField(me.DictField(), required=True)
    state = me.StringField(required=True, choices=[state.value for state in State])
    cancel_reason = me.StringField()
    questionnaire_id = me.StringField()
    clock_days = me.IntField(min_value=1)
    started_at = me.DateTimeField()
    submitted_at = me.DateTimeField()
    rounds = me.IntField(min_value=0)
    return_reason = me.StringField()
    overdue_since = me.StringField()
    report = me.DictField()
    answers = me.DictField()

    meta = {  # noqa: RUF012
        "collection": "assessments",
        "indexes": [
            {"fields": ["country", "-plan.first_day", "_id"], "name": "of_country"},
            {"fields": ["factory_id", "-plan.first_day", "_id"], "name": "of_factory"},
            {"fields": ["team.leader", "-plan.first_day", "_id"], "name": "led_by"},
            {"fields": ["team.advisors", "-plan.first_day", "_id"], "name": "advised_by"},
        ],
    }


assessments: Repository[Assessment] = Repository(
    Assessment, AssessmentDocument, ROUTES, source="assessment", lazy=("answers",)
)

_KEY = re.compile("[a-z0-9-]+")
_ROOT = {name: 1 for name in AssessmentDocument._fields if name not in ("answers", "report")}


def load_for_answers(
    visible: Filter, assessment_id: str, question_ids: Iterable[str]
) -> tuple[Assessment, dict[str, Operation]]:
    """The assessment and the current answers to these questions, in one read of only those parts. Raises NotFound."""
    wanted = set(question_ids)
    whole = len(wanted) >= WHOLE_FROM
    paths = ["answers"] if whole else [f"answers.{each}" for each in wanted if _KEY.fullmatch(each)]
    raw = assessments.read(visible, assessment_id, {**_ROOT, **dict.fromkeys(paths, 1)})
    return assessments.revive(raw), decode_answers(raw)


def save_answers(assessment: Assessment, known: Mapping[str, Operation], changed: Mapping[str, Operation]) -> None:
    """Write the changed answers, guarded by the state alone, so that authors never wait for each other's version.

    A colleague who writes between read and write makes the transaction conflict and rerun. That is also why all
    answers may be written at once where many change: `known` holds all of them then.
    """
    if not changed:
        return
    rows = {question_id: _row(operation) for question_id, operation in changed.items()}
    if len(rows) >= WHOLE_FROM:
        kept = {question_id: _row(operation) for question_id, operation in known.items()}
        paths: Row = {"answers": kept | rows}
    else:
        paths = {f"answers.{question_id}": row for question_id, row in rows.items()}
    assessments.patch(assessment.id, {"state": State.IN_PROGRESS}, paths, assessment)


def etag_of(assessment: Assessment) -> str:
    """The etag of an assessment that this unit of work has loaded or saved."""
    return assessments.etag(current().loaded[assessments.collection.name, assessment.id])


def load_answers(visible: Filter, assessment_id: str) -> dict[str, Operation]:
    """All current answers of an assessment, by question id. Raises NotFound."""
    return decode_answers(assessments.read(visible, assessment_id, {"answers": 1}))


def decode_answers(raw: Mapping[str, Any]) -> dict[str, Operation]:
    """The current answers in a stored document, by question id."""
    return {
        question_id: Operation(row["op"], question_id, _value(row["v"]), row.get("n", ""), row["at"], row["by"])
        for question_id, row in raw.get("answers", {}).items()
    }


def _row(operation: Operation) -> Row:
    """Plain text and naive times (in UTC, as all are): the driver encodes 250 of them four times as fast."""
    row: Row = {
        "op": operation.operation_id,
        "v": _stored(operation.value),
        "at": operation.answered_at.replace(tzinfo=None),
        "by": operation.author,
    }
    if operation.note:
        row["n"] = operation.note
    return row


def _stored(value: Value) -> str | int | bool:
    """Findings and days are kept as text; numbers and flags as they are."""
    if isinstance(value, Finding):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


_FINDINGS: Mapping[str, Value] = {finding.value: finding for finding in Finding}


def _value(stored: Any) -> Value:
    """What `_stored` keeps, read again."""
    if not isinstance(stored, str):
        return stored  # type: ignore[no-any-return]
    return _FINDINGS.get(stored) or date.fromisoformat(stored)
