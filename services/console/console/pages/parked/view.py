"""One parked fact: why it is parked, and the two ways to set its aggregate free."""

from starlette.responses import Response

from amplify.platform.v1.operations_service_pb2 import RedriveParkedRequest, SkipParkedRequest
from console.codes import code_of
from console.page import Page, get, post
from console.pages.operations.view import OPERATORS, operations_of
from console.visit import Visit


def show(visit: Visit) -> Response:
    """The page."""
    fact = operations_of(visit).parked_fact(visit.path("fact"))
    service, key = visit.path("service"), visit.path("fact")
    return visit.show("parked/page.html", fact=fact, service=service, id=key, why=code_of(fact, "reason"))


def redrive(visit: Visit) -> Response:
    """Try the aggregate's parked facts again."""
    operations, form = operations_of(visit), visit.form
    request = RedriveParkedRequest(
        consumer=form.text("consumer"),
        stream=form.text("stream"),
        key=form.text("key"),
        request_id=form.request_id,
    )
    left: list[int] = []
    if visit.do({}, lambda: left.append(operations.redrive(request))):
        return visit.go("/operations", done="still_parked" if left[0] else "redriven")
    return show(visit)


def skip(visit: Visit) -> Response:
    """Give the fact up; or dismiss a record that names no aggregate, by where it lies."""
    operations, form = operations_of(visit), visit.form
    request = SkipParkedRequest(
        consumer=form.text("consumer"),
        stream=form.text("stream"),
        key=form.text("key"),
        sequence=int(form.text("sequence")) if form.text("sequence").isdigit() else 0,
        record_position=form.text("record_position"),
        reason=form.text("reason"),
        request_id=form.request_id,
    )
    if visit.do({"reason": "reason"}, lambda: operations.skip(request)):
        return visit.go("/operations", done="skipped")
    return show(visit)


PAGE = Page(
    "parked",
    (
        get("/operations/{service}/parkedFacts/{fact}", show),
        post("/operations/{service}/parkedFacts/{fact}/redrive", redrive),
        post("/operations/{service}/parkedFacts/{fact}/skip", skip),
    ),
    roles=OPERATORS,
)
