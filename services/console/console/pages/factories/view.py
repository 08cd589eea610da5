"""The factories that a person may see: search, filter, take away, and a page that can be bookmarked."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.programme.v1.factory_pb2 import Factory, FactoryStatus
from amplify.programme.v1.factory_service_pb2 import ListFactoriesResponse
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.roles import COUNTRY_STAFF, PARTNERS
from console.visit import Visit

FILTERS = ("search", "country", "status")


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "factories")
    template = "factories/_results.html" if visit.partial else "factories/page.html"
    return visit.show(template, found=found, asked=visit.asked(*FILTERS), statuses=codes(FactoryStatus))


def _found(visit: Visit, page: str, size: int) -> ListFactoriesResponse:
    asked = visit.asked(*FILTERS)
    return visit.services.programme.factories(
        search=asked["search"],
        country=visit.country,
        status=number(FactoryStatus, asked["status"]),
        page=page,
        size=size,
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Factory], str]:
    found = _found(visit, page, size)
    return found.factories, found.next_page_token


LISTING: Listing[Factory] = Listing(
    "factories",
    _rows,
    (
        Column("factories.number", lambda _, one: one.name.removeprefix("factories/")),
        Column("factories.name", lambda _, one: one.display_name),
        Column("kit.country", lambda _, one: one.country),
        Column("factories.status", lambda visit, one: visit.coded("factories.status", code_of(one, "status"))),
        Column("factories.product", lambda _, one: one.first_product),
        Column("factories.workers", lambda _, one: one.workers.total if one.workers.HasField("total") else None),
    ),
)

PAGE = Page(
    "factories",
    (get("/factories", show), get_csv("/factories.csv", LISTING)),
    roles=COUNTRY_STAFF | PARTNERS,
    menu=Menu("building-factory-2", "/factories", 20),
)
