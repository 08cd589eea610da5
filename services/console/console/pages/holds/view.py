"""Holds on factories: others learn that there is one, and never why, so nothing of this page can be taken away."""

from uuid import uuid4

from starlette.responses import Response

from amplify.programme.v1.hold_pb2 import HoldCause, HoldState
from amplify.programme.v1.hold_service_pb2 import LiftHoldRequest, ListHoldsRequest, PlaceHoldRequest
from console.codes import codes, number
from console.page import Menu, Page, get, post
from console.subject import factory_filter
from console.visit import Visit

MANAGERS = frozenset({"country-manager"})
ALL_FACTORIES = "-"
FILTERS = ("state", "factory")
PLACING = {"parent": "place_on", "cause": "cause", "cause_text": "cause_text"}


def show(visit: Visit) -> Response:
    """A page of the list, open ones unless others are asked for, with the form beside it."""
    asked = visit.asked(*FILTERS)
    state = visit.query.get("state", "open")
    request = ListHoldsRequest(
        parent=f"factories/{factory_filter(asked['factory']) or ALL_FACTORIES}",
        page_size=50,
        page_token=visit.query.get("page", ""),
        state=HoldState.ValueType(number(HoldState, state)),
    )
    return visit.show(
        "holds/_results.html" if visit.partial else "holds/page.html",
        found=visit.part(lambda: visit.services.holds.holds(request)),
        asked=asked | {"state": state},
        states=codes(HoldState),
        causes=codes(HoldCause),
        hold_id=visit.form.text("hold_id", str(uuid4())),
    )


def place(visit: Visit) -> Response:
    """Hold a factory."""
    form = visit.form
    request = PlaceHoldRequest(
        parent=f"factories/{form.text('place_on').lower()}",
        hold_id=form.text("hold_id"),
        cause=HoldCause.ValueType(number(HoldCause, form.text("cause"))),
        cause_text=form.text("cause_text"),
        request_id=form.request_id,
    )
    if visit.do(PLACING, lambda: visit.services.holds.place(request)):
        return visit.go("/holds", done="placed")
    return show(visit)


def lift(visit: Visit) -> Response:
    """Hold it no longer."""
    form = visit.form
    request = LiftHoldRequest(
        name=f"factories/{visit.path('factory')}/holds/{visit.path('hold')}",
        lift_text=form.text("lift_text"),
        etag=form.text("etag"),
        request_id=form.request_id,
    )
    if visit.do({"lift_text": "lift_text"}, lambda: visit.services.holds.lift(request)):
        return visit.go("/holds", done="lifted")
    return show(visit)


PAGE = Page(
    "holds",
    (get("/holds", show, twin=False), post("/holds", place), post("/holds/{factory}/{hold}/lift", lift)),
    roles=MANAGERS,
    menu=Menu("lock", "/holds", 22),
)
