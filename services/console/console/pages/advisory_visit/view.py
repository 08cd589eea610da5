"""One advisory visit: planned by its advisor, then logged with what it touched and whom it met, or called off."""

from uuid import uuid4

from starlette.responses import Response

from amplify.assessment.v1.advisory_visit_pb2 import (
    MetRole,
    PeopleMet,
    VisitCancelReason,
    VisitMode,
    VisitTopic,
)
from amplify.assessment.v1.advisory_visit_service_pb2 import (
    CancelAdvisoryVisitRequest,
    LogAdvisoryVisitRequest,
    PlanAdvisoryVisitRequest,
    RescheduleAdvisoryVisitRequest,
)
from amplify.assessment.v1.improvement_plan_pb2 import ImprovementLine, ImprovementLineState
from chassis import clock
from console import people
from console.codes import codes, number
from console.page import Page, get, post
from console.pages.lines.view import title
from console.pages.visits.view import KINDS, state
from console.roles import REMEDIATION_READERS, VISITORS
from console.subject import subject
from console.visit import Visit

FIELDS = {
    "planned_day": "planned_day",
    "visit_day": "visit_day",
    "mode": "mode",
    "topics": "topics",
    "topics.point": "topics",
    "lines": "lines",
    "people_met": "people_met",
    "note": "note",
    "reason": "reason",
}
OPEN = (
    ImprovementLineState.IMPROVEMENT_LINE_STATE_OPEN,
    ImprovementLineState.IMPROVEMENT_LINE_STATE_PLANNED,
    ImprovementLineState.IMPROVEMENT_LINE_STATE_PROVEN,
)


def show(visit: Visit) -> Response:
    """The page."""
    one = visit.services.remediation.visit(visit.path("visit"))
    factory = subject(visit, one.factory.removeprefix("factories/"))
    at = state(visit, one)
    logs = at in {"planned", "overdue"} and visit.is_a(*VISITORS)
    lines = visit.part(lambda: _lines(visit, factory.id))
    return visit.show(
        "advisory_visit/page.html",
        one=one,
        id=visit.path("visit"),
        factory=factory,
        at=at,
        kinds=KINDS,
        names=people.names(visit, one.country),
        logs=logs,
        tool=visit.tool(one.country),
        zone=visit.zone_of(one.country),
        lines=lines,
        title=title,
        today=clock.now().astimezone(visit.zone_info(one.country)).date().isoformat(),
        **_choices(),
    )


def _choices() -> dict[str, list[str]]:
    return {"modes": codes(VisitMode), "met_roles": codes(MetRole), "cancel_reasons": codes(VisitCancelReason)}


def _lines(visit: Visit, factory: str) -> list[ImprovementLine]:
    """The open lines of the factory, which a visit may touch."""
    return list(visit.services.remediation.lines(factory=factory, states=OPEN, size=200).improvement_lines)


def ask(visit: Visit) -> Response:
    """The form to plan a visit."""
    factory = subject(visit)
    key = visit.form.text("visit_id", str(uuid4()))
    tool = visit.tool(factory.country)
    return visit.show("advisory_visit/new.html", factory=factory, visit_id=key, tool=tool, modes=codes(VisitMode))


def plan(visit: Visit) -> Response:
    """Plan it, or show the form again with what is wrong."""
    form, key = visit.form, visit.form.text("visit_id")
    day, mode = visit.day("planned_day"), visit.chosen("mode", VisitMode)
    request = PlanAdvisoryVisitRequest(
        advisory_visit_id=key,
        factory=f"factories/{visit.path('factory')}",
        planned_day=day,
        mode=VisitMode.ValueType(mode),
        topics=read_topics(visit),
        request_id=form.request_id,
    )
    if not form.wrong and visit.do(FIELDS, lambda: visit.services.remediation.plan_visit(request)):
        return visit.go(f"/visits/{key}", done="planned")
    return ask(visit)


def read_topics(visit: Visit) -> list[VisitTopic]:
    """The compliance points that were chosen, `cluster/point` each."""
    chosen = [text.partition("/") for text in visit.form.texts("topics")]
    return [VisitTopic(cluster=cluster, point=point) for cluster, _, point in chosen if point]


def log(visit: Visit) -> Response:
    """Log what happened."""
    form = visit.form
    topics, day, mode = read_topics(visit), visit.day("visit_day"), visit.chosen("mode", VisitMode)
    if not topics:
        form.wrong_field("topics", visit.say("kit.choose"))
    met = [
        PeopleMet(role=MetRole.ValueType(number(MetRole, role)), women=women, men=men)
        for role in codes(MetRole)
        if (women := visit.whole(f"{role}_women")) + (men := visit.whole(f"{role}_men"))
    ]
    request = LogAdvisoryVisitRequest(
        name=_name(visit),
        visit_day=day,
        mode=VisitMode.ValueType(mode),
        topics=topics,
        lines=form.texts("lines"),
        people_met=met,
        note=form.text("note"),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    if not form.wrong and visit.do(FIELDS, lambda: visit.services.remediation.log_visit(request)):
        return visit.go(f"/visits/{visit.path('visit')}", done="logged")
    return show(visit)


def reschedule(visit: Visit) -> Response:
    """Move it to another day."""
    form, day, mode = visit.form, visit.day("planned_day"), visit.chosen("mode", VisitMode)
    request = RescheduleAdvisoryVisitRequest(
        name=_name(visit),
        planned_day=day,
        mode=VisitMode.ValueType(mode),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    if not form.wrong and visit.do(FIELDS, lambda: visit.services.remediation.reschedule_visit(request)):
        return visit.go(f"/visits/{visit.path('visit')}", done="moved")
    return show(visit)


def cancel(visit: Visit) -> Response:
    """Call it off."""
    form, reason = visit.form, visit.chosen("reason", VisitCancelReason)
    request = CancelAdvisoryVisitRequest(
        name=_name(visit),
        reason=VisitCancelReason.ValueType(reason),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    if not form.wrong and visit.do(FIELDS, lambda: visit.services.remediation.cancel_visit(request)):
        return visit.go(f"/visits/{visit.path('visit')}", done="cancelled")
    return show(visit)


def _name(visit: Visit) -> str:
    return f"advisoryVisits/{visit.path('visit')}"


PAGE = Page(
    "advisory_visit",
    (
        get("/visits/{visit}", show),
        post("/visits/{visit}/log", log),
        post("/visits/{visit}/reschedule", reschedule),
        post("/visits/{visit}/cancel", cancel),
        get("/factories/{factory}/visits/new", ask, twin=False),
        post("/factories/{factory}/visits", plan),
    ),
    roles=REMEDIATION_READERS,
)
