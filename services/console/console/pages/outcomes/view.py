"""What became of those who completed a course, months later: promotion, pay and line efficiency."""

from decimal import Decimal, InvalidOperation

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.responses import Response

from amplify.training.v1.participant_pb2 import Participant
from amplify.training.v1.recording_pb2 import OutcomeOperation, RecordOutcomesRequest
from chassis import clock
from chassis.ids import new_id
from console import courses
from console.codes import codes_of
from console.page import Page, get, post
from console.pages.sessions.view import OFFICERS
from console.visit import Visit

PERCENT_KINDS = {"pay_change": "pay_change_permille", "line_efficiency": "line_efficiency_change_permille"}
"""Kinds that are told in percent, to one decimal, and the field that carries them in tenths of a percent."""


def ask(visit: Visit) -> Response:
    """Everybody who completed, with what is known; only what the course asks for."""
    key = visit.path("session")
    session = visit.services.training.session(key)
    found = courses.catalogue(visit).value or []
    course = next((one for one in found if one.name == session.course), None)
    return visit.show(
        "outcomes/page.html",
        session=session,
        key=key,
        title=courses.titles(visit).get(session.course, session.course),
        kinds=codes_of(course, "outcome_kinds") if course else ["promotion", *PERCENT_KINDS],
        people=[(one, known(one)) for one in _people(visit)],
    )


def known(person: Participant) -> dict[str, str]:
    """What is recorded, as the form writes it: `yes`, `no`, or percent with one decimal."""
    said = {}
    for outcome in person.outcomes:
        match outcome.WhichOneof("value"):
            case "promoted":
                said["promotion"] = "yes" if outcome.promoted else "no"
            case "pay_change_permille":
                said["pay_change"] = str(Decimal(outcome.pay_change_permille) / 10)
            case "line_efficiency_change_permille":
                said["line_efficiency"] = str(Decimal(outcome.line_efficiency_change_permille) / 10)
    return said


def record(visit: Visit) -> Response:
    """Record what changed."""
    fields: dict[str, str] = {}
    operations: list[OutcomeOperation] = []
    for person in _people(visit):
        before = known(person)
        for kind in ("promotion", *PERCENT_KINDS):
            name = f"{kind}_{person.name.split('/')[-1]}"
            text = visit.form.text(name)
            if text and text != before.get(kind):
                operation = _operation(visit, person, kind, name, text)
                if operation:
                    fields[f"operations[{len(operations)}]"] = name
                    fields[f"operations[{len(operations)}].{PERCENT_KINDS.get(kind, 'promoted')}"] = name
                    operations.append(operation)
    if visit.form.wrong:
        return ask(visit)
    key = visit.path("session")
    request = RecordOutcomesRequest(parent=f"sessions/{key}", operations=operations, request_id=visit.form.request_id)
    if not operations or visit.do(fields, lambda: visit.services.training.record_outcomes(request)):
        return visit.go(f"/sessions/{key}", done="recorded")
    return ask(visit)


def _operation(visit: Visit, person: Participant, kind: str, name: str, text: str) -> OutcomeOperation | None:
    now = Timestamp()
    now.FromMilliseconds(int(clock.now().timestamp() * 1000))
    made = OutcomeOperation(operation_id=new_id(), participant_id=person.name.split("/")[-1], record_time=now)
    if kind == "promotion":
        made.promoted = text == "yes"
        return made
    try:
        setattr(made, PERCENT_KINDS[kind], int((Decimal(text.replace(",", ".")) * 10).to_integral_value()))
    except (InvalidOperation, ValueError):
        visit.form.wrong_field(name, visit.say("kit.reason_NOT_A_NUMBER"))
        return None
    return made


def _people(visit: Visit) -> list[Participant]:
    found = visit.services.training.everybody(visit.path("session")).participants
    return [one for one in found if one.completed]


PAGE = Page(
    "outcomes",
    (get("/sessions/{session}/outcomes", ask, twin=False), post("/sessions/{session}/outcomes", record)),
    roles=OFFICERS,
)
