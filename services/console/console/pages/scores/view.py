"""Scores of the tests before and after a session."""

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.responses import Response

from amplify.training.v1.participant_pb2 import Participant, TestKind
from amplify.training.v1.recording_pb2 import RecordTestScoresRequest, TestScoreOperation
from chassis import clock
from chassis.ids import new_id
from console import courses
from console.codes import code_of, codes, number
from console.page import Page, get, post
from console.pages.session.view import best
from console.pages.sessions.view import OFFICERS
from console.visit import Visit


def ask(visit: Visit) -> Response:
    """Everybody with both scores."""
    key = visit.path("session")
    session = visit.services.training.session(key)
    return visit.show(
        "scores/page.html",
        session=session,
        key=key,
        title=courses.titles(visit).get(session.course, session.course),
        people=[(one, {kind: best(one, kind) for kind in codes(TestKind)}) for one in _people(visit)],
    )


def record(visit: Visit) -> Response:
    """Record the scores that changed."""
    now = Timestamp()
    now.FromMilliseconds(int(clock.now().timestamp() * 1000))
    operations: list[TestScoreOperation] = []
    fields: dict[str, str] = {}
    for person in _people(visit):
        for kind in codes(TestKind):
            name = f"{kind}_{person.name.split('/')[-1]}"
            text = visit.form.text(name)
            if text and not text.isdecimal():
                visit.form.wrong_field(name, visit.say("kit.reason_NOT_A_NUMBER"))
            elif text and int(text) != best(person, kind):
                fields[f"operations[{len(operations)}].score"] = name
                operations.append(
                    TestScoreOperation(
                        operation_id=new_id(),
                        participant_id=person.name.split("/")[-1],
                        kind=TestKind.ValueType(number(TestKind, kind)),
                        score=int(text),
                        record_time=now,
                    )
                )
    if visit.form.wrong:
        return ask(visit)
    key = visit.path("session")
    request = RecordTestScoresRequest(parent=f"sessions/{key}", operations=operations, request_id=visit.form.request_id)
    if not operations or visit.do(fields, lambda: visit.services.training.record_scores(request)):
        return visit.go(f"/sessions/{key}", done="recorded")
    return ask(visit)


def _people(visit: Visit) -> list[Participant]:
    found = visit.services.training.everybody(visit.path("session")).participants
    return [one for one in found if code_of(one, "state") == "enrolled"]


PAGE = Page(
    "scores",
    (get("/sessions/{session}/scores", ask, twin=False), post("/sessions/{session}/scores", record)),
    roles=OFFICERS,
)
