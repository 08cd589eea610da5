"""The factories that a person may see: search, filter, and a page that can be bookmarked."""

from starlette.responses import Response

from amplify.programme.v1.factory_pb2 import FactoryStatus
from console.codes import codes, number
from console.page import COUNTRY_STAFF, PARTNERS, Menu, Page, get
from console.visit import Visit


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    asked = {name: visit.query.get(name, "") for name in ("search", "country", "status", "page")}
    found = visit.services.programme.factories(
        search=asked["search"][:100],
        country=asked["country"] if asked["country"] in visit.me.countries else "",
        status=number(FactoryStatus, asked["status"]),
        page=asked["page"],
    )
    template = "factories/_results.html" if visit.partial else "factories/page.html"
    return visit.show(template, found=found, asked=asked, statuses=codes(FactoryStatus))


PAGE = Page(
    "factories",
    (get("/factories", show),),
    roles=COUNTRY_STAFF | PARTNERS,
    menu=Menu("building-factory-2", "/factories", 20),
)
