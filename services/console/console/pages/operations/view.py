"""How the machinery is doing, service by service: what waits, who publishes, and what is put aside."""

from dataclasses import dataclass
from functools import partial

import grpc
from starlette.responses import Response

from amplify.platform.v1.operations_pb2 import Overview
from amplify.platform.v1.operations_service_pb2 import ListParkedFactsResponse
from console.clients.operations import Operations
from console.clients.troubles import Refused
from console.page import Menu, Page, get, post
from console.visit import Part, Visit

OPERATORS = frozenset({"sre"})
LATE_SECONDS = 60.0
"""From this age on what waits is shown as trouble."""


@dataclass(frozen=True)
class Machinery:
    """One service: its overview and what is parked for it; `page` is what the query calls the page of that."""

    service: str
    overview: Part[Overview]
    page: str
    parked: Part[ListParkedFactsResponse]


def show(visit: Visit) -> Response:
    """Every service; each for itself, so that one that is down hides no other."""
    template = "operations/_services.html" if visit.partial else "operations/page.html"
    return visit.show(template, services=_services(visit), late=LATE_SECONDS)


def clear_halt(visit: Visit) -> Response:
    """Let a halted consumer go on."""
    operations, form = operations_of(visit), visit.form
    consumer, reason = form.text("consumer"), form.text("reason")
    if visit.do({}, lambda: operations.clear_halt(consumer, reason, form.request_id)):
        return visit.go("/operations", done="cleared")
    return show(visit)


def operations_of(visit: Visit) -> Operations:
    """The operations of the service that the address names; raises Refused where there is no such service."""
    service = visit.path("service")
    if service not in visit.services.operations:
        raise Refused(service, grpc.StatusCode.NOT_FOUND, "NOT_FOUND", "There is no such service.", ())
    return visit.services.operations[service]


def _services(visit: Visit) -> list[Machinery]:
    found = []
    for name, operations in visit.services.operations.items():
        overview = visit.part(operations.overview)
        page = f"page-{name}"
        read = partial(operations.parked, page=visit.query.get(page, ""))
        parked = Part[ListParkedFactsResponse](down=name) if overview.down else visit.part(read)
        found.append(Machinery(name, overview, page, parked))
    return found


PAGE = Page(
    "operations",
    (get("/operations", show), post("/operations/{service}/clear-halt", clear_halt)),
    roles=OPERATORS,
    menu=Menu("server-cog", "/operations", 95, group="operations"),
)
