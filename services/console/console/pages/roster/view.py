"""Enrols people in a session, one at a time or pasted from a list, and takes them out again."""

import csv
import io
from collections.abc import Iterator, Mapping
from uuid import NAMESPACE_URL, uuid4, uuid5

from starlette.responses import Response

from amplify.training.v1.enrolment_pb2 import EnrolParticipantsRequest, NewParticipant, WithdrawParticipantRequest
from amplify.training.v1.head_count_pb2 import ParticipantRole, Sex
from amplify.training.v1.participant_pb2 import Employer, EmployerKind, WithdrawReason
from amplify.training.v1.session_pb2 import Session
from console import courses
from console.codes import codes, number
from console.page import Page, get, post
from console.roles import FACTORY
from console.visit import Visit

ENROLLERS = frozenset({"training-officer"}) | FACTORY
MOST = 500
FIELDS = {
    "participants.full_name": "full_name",
    "participants.sex": "sex",
    "participants.role": "role",
    "participants.employer": "employer",
    "participants.employer.kind": "kind",
    "participants.employer.factory": "employer",
    "participants.employer.organisation": "employer",
    "participants": "full_name",
}
COLUMNS = ("full_name", "sex", "role", "employer")


def ask(visit: Visit) -> Response:
    """The forms, with who is enrolled beside them."""
    key = visit.path("session")
    session = visit.services.training.session(key)
    return visit.show(
        "roster/page.html",
        session=session,
        key=key,
        title=courses.titles(visit).get(session.course, session.course),
        roster=visit.part(lambda: visit.services.training.everybody(key)),
        sexes=codes(Sex),
        roles=codes(ParticipantRole),
        kinds=codes(EmployerKind),
        reasons=codes(WithdrawReason),
        new_person=visit.form.text("participant_id", str(uuid4())),
    )


def enrol(visit: Visit) -> Response:
    """Enrol one person, or everybody of a pasted list: all of them or nobody."""
    form, training = visit.form, visit.services.training
    session = training.session(visit.path("session"))
    pasted = form.text("list")
    fields: Mapping[str, str] = FIELDS
    if pasted:
        rows = list(read_list(pasted))
        fields = dict.fromkeys(FIELDS, "list")
        people = [_person(session, row, line, visit) for line, row in rows]
    else:
        people = [_person(session, {name: form.text(name) for name in (*COLUMNS, "kind", "participant_id")}, 0, visit)]
    if form.wrong:
        return ask(visit)
    request = EnrolParticipantsRequest(
        parent=session.name,
        participants=people,
        waiting_list=bool(form.text("waiting_list")),
        request_id=form.request_id,
    )
    if visit.do(fields, lambda: training.enrol(request)):
        return visit.go(f"/sessions/{visit.path('session')}", done="enrolled")
    return ask(visit)


def read_list(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a pasted list with their numbers: name, sex, role, and the factory or organisation if another.

    Cells are separated by tabs, as a spreadsheet copies them, or by commas or semicolons.
    """
    mark = next((one for one in "\t;" if one in text), ",")
    for line, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark), start=1):
        if any(cell.strip() for cell in cells):
            yield line, dict(zip(COLUMNS, [cell.strip() for cell in cells[: len(COLUMNS)]], strict=False))


def _person(session: Session, row: Mapping[str, str], line: int, visit: Visit) -> NewParticipant:
    sex, role = (row.get(name, "").lower().replace(" ", "_") for name in ("sex", "role"))
    if line and (not number(Sex, sex) or not number(ParticipantRole, role)):
        visit.form.wrong_field("list", visit.say("roster.wrong_line", line=line))
    employer = row.get("employer", "").lower() or session.factory.removeprefix("factories/")
    kind = number(EmployerKind, row.get("kind", "")) or number(EmployerKind, "factory" if employer else "other")
    is_factory = kind == EmployerKind.EMPLOYER_KIND_FACTORY
    known = row.get("participant_id") or str(uuid5(NAMESPACE_URL, f"{visit.form.request_id} {line}"))
    return NewParticipant(
        participant_id=known,
        full_name=row.get("full_name", ""),
        sex=Sex.ValueType(number(Sex, sex)),
        role=ParticipantRole.ValueType(number(ParticipantRole, role)),
        employer=Employer(
            kind=EmployerKind.ValueType(kind),
            factory=f"factories/{employer}" if is_factory and employer else "",
            organisation=f"organisations/{employer}" if employer and not is_factory else "",
        ),
    )


def withdraw(visit: Visit) -> Response:
    """Take somebody out; the first who waits gets the place."""
    request = WithdrawParticipantRequest(
        name=f"sessions/{visit.path('session')}/participants/{visit.form.text('participant')}",
        reason=WithdrawReason.ValueType(number(WithdrawReason, visit.form.text("reason"))),
        request_id=visit.form.request_id,
    )
    if visit.do({"reason": "reason"}, lambda: visit.services.training.withdraw(request)):
        return visit.go(f"/sessions/{visit.path('session')}/roster", done="withdrawn")
    return ask(visit)


PAGE = Page(
    "roster",
    (
        get("/sessions/{session}/roster", ask, twin=False),
        post("/sessions/{session}/roster", enrol),
        post("/sessions/{session}/withdraw", withdraw),
    ),
    roles=ENROLLERS,
)
