"""Which factories are eligible for which product, and how many there are of each outcome."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.finance_linkage.v1.eligibility_pb2 import Eligibility, EligibilityOutcome
from amplify.finance_linkage.v1.eligibility_service_pb2 import ListEligibilitiesRequest, ListEligibilitiesResponse
from console import products
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.visit import Visit

OFFICE = frozenset({"finance-officer", "country-manager", "programme-officer"})
FILTERS = ("product", "outcome", "tier", "country")


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    asked = visit.asked(*FILTERS)
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "eligibility")
    return visit.show(
        "eligibility/_results.html" if visit.partial else "eligibility/page.html",
        found=found,
        counts=visit.part(lambda: visit.services.finance.eligibility_counts(visit.country), "eligibility counts"),
        asked=asked,
        titles=products.titles(visit),
        products=products.choices(visit),
        outcomes=codes(EligibilityOutcome),
        wanted=f"products/{asked['product']}" if asked["product"] else "",
    )


def _found(visit: Visit, page: str, size: int) -> ListEligibilitiesResponse:
    asked = visit.asked(*FILTERS)
    return visit.services.finance.eligibilities(
        ListEligibilitiesRequest(
            page_size=size,
            page_token=page,
            country=visit.country,
            product=f"products/{asked['product']}" if asked["product"] else "",
            outcome=EligibilityOutcome.ValueType(number(EligibilityOutcome, asked["outcome"])),
            tier=asked["tier"],
        )
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Eligibility], str]:
    found = _found(visit, page, size)
    return found.eligibilities, found.next_page_token


def _said(visit: Visit, one: Eligibility) -> str:
    known = products.titles(visit)
    return "; ".join(
        f"{known.get(each.product, each.product)}: {visit.coded('eligibility.outcome', code_of(each, 'outcome'))}"
        for each in one.decisions
    )


LISTING: Listing[Eligibility] = Listing(
    "eligibility",
    _rows,
    (
        Column("sessions.factory", lambda _, one: one.name.split("/")[1]),
        Column("kit.country", lambda _, one: one.country),
        Column("eligibility.title", _said),
    ),
)

PAGE = Page(
    "eligibility",
    (get("/eligibility", show), get_csv("/eligibility.csv", LISTING)),
    roles=OFFICE,
    menu=Menu("scale", "/eligibility", 61, group="finance"),
)
