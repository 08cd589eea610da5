"""The improvement plan of one factory: its lines by cluster, and issues that the factory adds by itself."""

from itertools import groupby
from uuid import uuid4

from starlette.responses import Response

from amplify.assessment.v1.improvement_changes_pb2 import AddImprovementLineRequest
from amplify.assessment.v1.improvement_plan_pb2 import ImprovementLine, ImprovementPlan
from console.clients.troubles import Refused
from console.lists import get_csv
from console.page import Page, Tab, get, post
from console.pages.lines.view import LISTING, choices, find, state, title
from console.roles import AT_WORK, REMEDIATION_READERS
from console.subject import subject
from console.visit import Visit

FIELDS = {"cluster": "point", "point": "point", "issue": "issue"}
SIZE = 200
"""Lines on a page; few factories have more."""


def show(visit: Visit) -> Response:
    """The plan; only its lines when htmx asks."""
    factory = subject(visit)
    found = visit.part(lambda: find(visit, visit.query.get("page", ""), SIZE, factory.id), "plan-lines")
    template = "improvement/_results.html" if visit.partial else "improvement/page.html"
    return visit.show(
        template,
        factory=factory,
        found=found,
        plan=visit.part(lambda: _plan(visit, factory.id), "plan"),
        clusters=by_cluster(list(found.value.improvement_lines)) if found.value else [],
        title=title,
        state=state,
        works=visit.is_a(*AT_WORK),
        **{**choices(visit), "tool": visit.tool(factory.country)},
    )


def by_cluster(lines: list[ImprovementLine]) -> list[tuple[str, list[ImprovementLine]]]:
    """Lines below the key of their cluster; the order of the service within it."""
    ordered = sorted(lines, key=lambda line: line.cluster)
    return [(key, list(some)) for key, some in groupby(ordered, key=lambda line: line.cluster)]


def _plan(visit: Visit, factory: str) -> ImprovementPlan | None:
    try:
        return visit.services.remediation.plan(factory)
    except Refused as refusal:
        if refusal.code.name == "NOT_FOUND":
            return None
        raise


def ask(visit: Visit) -> Response:
    """The form for an issue that the factory found by itself."""
    factory = subject(visit)
    line_id = visit.form.text("line_id", str(uuid4()))
    return visit.show("improvement/new.html", factory=factory, tool=visit.tool(factory.country), line_id=line_id)


def add(visit: Visit) -> Response:
    """Add it, or show the form again with what is wrong."""
    key = visit.path("factory")
    cluster, _, point = visit.form.text("point").partition("/")
    if not point:
        visit.form.wrong_field("point", visit.say("kit.choose"))
    if not visit.form.text("issue"):
        visit.form.wrong_field("issue", visit.say("improvement.say_issue"))
    request = AddImprovementLineRequest(
        line_id=visit.form.text("line_id"),
        factory=f"factories/{key}",
        cluster=cluster,
        point=point,
        issue=visit.form.text("issue"),
        request_id=visit.form.request_id,
    )
    if not visit.form.wrong and visit.do(FIELDS, lambda: visit.services.remediation.add_line(request)):
        return visit.go(f"/factories/{key}/lines/{request.line_id}", done="added")
    return ask(visit)


PAGE = Page(
    "improvement",
    (
        get("/factories/{factory}/plan", show),
        get_csv("/factories/{factory}/plan.csv", LISTING),
        get("/factories/{factory}/plan/new", ask, twin=False),
        post("/factories/{factory}/plan", add),
    ),
    roles=REMEDIATION_READERS,
    tab=Tab("/factories/{factory}/plan", 20),
)
