"""One line of an improvement plan: its plan, its proof, and who verifies it."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from amplify.assessment.v1.improvement_changes_pb2 import (
    PlanImprovementLineRequest,
    ProveImprovementLineRequest,
    RejectImprovementProofRequest,
    VerifyImprovementLineRequest,
)
from amplify.assessment.v1.improvement_plan_pb2 import ProofGrade, ProofRejection
from console import people
from console.codes import code_of, codes
from console.page import Page, get, post
from console.pages.lines.view import KINDS, state, title
from console.roles import AT_WORK, FACTORY, REMEDIATION_READERS
from console.subject import subject
from console.visit import Visit

FIELDS = {
    "root_cause": "root_cause",
    "action": "action",
    "owner": "owner",
    "due_day": "due_day",
    "grade": "grade",
    "reference": "reference",
    "note": "note",
    "reason": "reason",
}
OWN_GRADES = ("self_declared", "document")
"""What a factory can give by itself; the other grades are seen or heard by the programme's staff."""


def show(visit: Visit) -> Response:
    """The page."""
    factory = subject(visit)
    line = visit.services.remediation.line(factory.id, visit.path("line"))
    grades = [code for code in codes(ProofGrade) if code in OWN_GRADES or not visit.is_a(*FACTORY)]
    return visit.show(
        "line/page.html",
        factory=factory,
        line=line,
        id=visit.path("line"),
        said=title(visit, line),
        at=code_of(line, "state"),
        shown=state(line),
        kinds=KINDS,
        tool=visit.tool(line.country),
        zone=visit.zone_of(line.country),
        names=people.names(visit, line.country),
        works=visit.is_a(*AT_WORK),
        own=line.proof.prover == visit.me.subject,
        grades=grades,
        rejections=codes(ProofRejection),
    )


def plan(visit: Visit) -> Response:
    """Set root cause, action, owner and due day."""
    form, due = visit.form, visit.day("due_day")
    for name in ("root_cause", "action", "owner"):
        if not form.text(name):
            form.wrong_field(name, visit.say("line.missing"))
    request = PlanImprovementLineRequest(
        name=_name(visit),
        root_cause=form.text("root_cause"),
        action=form.text("action"),
        owner=form.text("owner"),
        due_day=due,
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    return _act(visit, "planned", lambda: visit.services.remediation.plan_line(request))


def prove(visit: Visit) -> Response:
    """Give a proof."""
    form, grade = visit.form, visit.chosen("grade", ProofGrade)
    request = ProveImprovementLineRequest(
        name=_name(visit),
        grade=ProofGrade.ValueType(grade),
        reference=form.text("reference"),
        note=form.text("note"),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    return _act(visit, "proven", lambda: visit.services.remediation.prove_line(request))


def verify(visit: Visit) -> Response:
    """Verify the proof of another person."""
    etag, once = visit.form.text("etag"), visit.form.request_id
    request = VerifyImprovementLineRequest(name=_name(visit), etag=etag, request_id=once)
    return _act(visit, "verified", lambda: visit.services.remediation.verify_line(request))


def reject(visit: Visit) -> Response:
    """Reject the proof of another person."""
    form, reason = visit.form, visit.chosen("reason", ProofRejection)
    request = RejectImprovementProofRequest(
        name=_name(visit), reason=ProofRejection.ValueType(reason), etag=form.text("etag"), request_id=form.request_id
    )
    return _act(visit, "rejected", lambda: visit.services.remediation.reject_proof(request))


def _name(visit: Visit) -> str:
    return f"factories/{visit.path('factory')}/improvementPlan/lines/{visit.path('line')}"


def _act(visit: Visit, done: str, command: Callable[[], object], fields: Mapping[str, str] = FIELDS) -> Response:
    if not visit.form.wrong and visit.do(fields, command):
        return visit.go(f"/factories/{visit.path('factory')}/lines/{visit.path('line')}", done=done)
    return show(visit)


PAGE = Page(
    "line",
    (
        get("/factories/{factory}/lines/{line}", show),
        post("/factories/{factory}/lines/{line}/plan", plan),
        post("/factories/{factory}/lines/{line}/proof", prove),
        post("/factories/{factory}/lines/{line}/verify", verify),
        post("/factories/{factory}/lines/{line}/reject", reject),
    ),
    roles=REMEDIATION_READERS,
)
