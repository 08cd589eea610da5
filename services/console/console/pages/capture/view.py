"""Answering the questions of a visit: each answer is kept on the device at once and recorded as the line allows."""

import json
from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from amplify.assessment.v1.assessment_pb2 import Answer, Assessment
from chassis import clock
from console.clients.troubles import Down, Refused
from console.codes import code_of
from console.forms import MOST_FIELD_BYTES
from console.page import Page, get, post
from console.pages.capture.operations import Unreadable, request_of, wrong_ones
from console.pages.capture.sheet import FINDINGS, lay_out, value_of
from console.roles import ASSESSMENT_STAFF
from console.visit import Visit

WORDS = (
    "capture.waiting",
    "capture.saved",
    "capture.colleague",
    "capture.choose_first",
    "capture.line_good",
    "capture.line_lost",
    "capture.line_signed_out",
    "capture.line_wrong",
    "capture.unreadable_answer",
)
"""Texts that the page's script says."""


def show(visit: Visit) -> Response:
    """The sheet: to be answered by the visit's advisors while it is in progress, to be read by others."""
    one = visit.services.assessment.assessment(visit.path("assessment"))
    if not one.questionnaire:
        return visit.go(f"/{one.name}")
    answers = {answer.question_id: answer for answer in visit.services.assessment.answers(visit.path("assessment"))}
    questionnaire = visit.services.assessment.questionnaire(one.questionnaire)
    clusters = lay_out(questionnaire, answers, visit.language)
    entries = [entry for cluster in clusters for point in cluster.points for entry in point.entries]
    return visit.show(
        "capture/page.html",
        one=one,
        id=visit.path("assessment"),
        state=code_of(one, "state"),
        clusters=clusters,
        scored=sum(entry.scored for entry in entries),
        answered=sum(entry.scored and bool(entry.value) for entry in entries),
        findings=FINDINGS,
        editable=_editable(visit, one),
        now=_now(),
        most_bytes=MOST_FIELD_BYTES,
        words=json.dumps({key.partition(".")[2]: visit.say(key) for key in WORDS}),
    )


def answers(visit: Visit) -> Response:
    """The present answers, for the page to show what a colleague did meanwhile."""
    one = visit.services.assessment.assessment(visit.path("assessment"))
    found = visit.services.assessment.answers(visit.path("assessment"))
    mine = visit.me.subject
    return JSONResponse(
        {
            "now": clock.now().isoformat(),
            "state": code_of(one, "state"),
            "answers": [_told(each, mine) for each in found],
        }
    )


def record(visit: Visit) -> Response:
    """Record a batch of operations; tells which are wrong where any is, and then none was recorded."""
    now = clock.now().isoformat()
    try:
        request = request_of(visit.path("assessment"), visit.form.text("operations"))
        visit.services.assessment.record(request)
    except Unreadable as trouble:
        said = visit.say("capture.unreadable_answer")
        wrong = [{"operation_id": each, "said": said} for each in trouble.operations]
        return JSONResponse(
            {"now": now, "refused": visit.say("capture.unreadable"), "wrong": wrong}, 422 if wrong else 400
        )
    except Refused as refusal:
        said = visit.reason(refusal.reason, refusal.description)
        wrong = wrong_ones(request, refusal, visit.reason)
        return JSONResponse({"now": now, "refused": said, "wrong": wrong}, 422)
    except Down:
        return JSONResponse({"now": now}, 503)
    return JSONResponse({"now": now, "wrong": []})


def _told(answer: Answer, mine: str) -> Mapping[str, object]:
    return {
        "question_id": answer.question_id,
        "operation_id": answer.operation_id,
        "value": value_of(answer),
        "note": answer.note,
        "mine": answer.author == mine,
    }


def _editable(visit: Visit, one: Assessment) -> bool:
    return code_of(one, "state") == "in_progress" and visit.me.subject in one.advisors


def _now() -> int:
    """Business time in milliseconds, by which the page corrects its device's clock."""
    return int(clock.now().timestamp() * 1000)


PAGE = Page(
    "capture",
    (
        get("/assessments/{assessment}/answers", show, twin=False),
        get("/assessments/{assessment}/answers.json", answers, twin=False),
        post("/assessments/{assessment}/answers", record),
    ),
    roles=ASSESSMENT_STAFF,
)
