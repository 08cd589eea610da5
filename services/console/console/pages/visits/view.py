"""Advisory visits that are planned, logged or called off, the latest day first."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.assessment.v1.advisory_visit_pb2 import AdvisoryVisit, AdvisoryVisitState
from amplify.assessment.v1.advisory_visit_service_pb2 import ListAdvisoryVisitsResponse
from chassis import clock
from console import people
from console.codes import code_of, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.roles import REMEDIATION_READERS
from console.subject import factory_filter
from console.times import calendar_day
from console.visit import Visit

FILTERS = ("state", "factory", "country")
SHOWN = ("planned", "overdue", "logged", "cancelled")
KINDS = {"planned": "wait", "overdue": "bad", "logged": "good", "cancelled": "off"}
"""The shape of each state."""


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "visits")
    template = "visits/_results.html" if visit.partial else "visits/page.html"
    return visit.show(
        template,
        found=found,
        asked=visit.asked(*FILTERS),
        shown=SHOWN,
        kinds=KINDS,
        state=lambda one: state(visit, one),
        names=people.names(visit, visit.country or visit.home),
    )


def state(visit: Visit, one: AdvisoryVisit) -> str:
    """Code of its state, `overdue` being one: planned for a day that is over at the factory."""
    code = code_of(one, "state")
    today = clock.now().astimezone(visit.zone_info(one.country)).date()
    return "overdue" if code == "planned" and calendar_day(one.planned_day) < today else code


def _found(visit: Visit, page: str, size: int) -> ListAdvisoryVisitsResponse:
    asked = visit.asked(*FILTERS)
    return visit.services.remediation.visits(
        factory=factory_filter(asked["factory"]),
        country=visit.country,
        state=number(AdvisoryVisitState, asked["state"]) if asked["state"] in SHOWN else 0,
        overdue=asked["state"] == "overdue",
        page=page,
        size=size,
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[AdvisoryVisit], str]:
    found = _found(visit, page, size)
    return found.advisory_visits, found.next_page_token


LISTING: Listing[AdvisoryVisit] = Listing(
    "advisory-visits",
    _rows,
    (
        Column("imports.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("kit.country", lambda _, one: one.country),
        Column("factories.status", lambda visit, one: visit.coded("visits.state", state(visit, one))),
        Column("visits.planned_day", lambda _, one: one.planned_day),
        Column("visits.visit_day", lambda _, one: one.visit_day if one.HasField("visit_day") else None),
        Column("visits.mode", lambda visit, one: visit.coded("visits.mode", code_of(one, "mode"))),
        Column("visits.lines", lambda _, one: len(one.lines)),
        Column("visits.women_met", lambda _, one: sum(met.women for met in one.people_met)),
        Column("visits.men_met", lambda _, one: sum(met.men for met in one.people_met)),
    ),
)

PAGE = Page(
    "visits",
    (get("/visits", show), get_csv("/visits.csv", LISTING)),
    roles=REMEDIATION_READERS,
    menu=Menu("walk", "/visits", 44, group="improvement"),
)
