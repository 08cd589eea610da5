"""Recipients whose address bounces: since when nothing is sent there, why, and the way to try again."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.notifications.v1.delivery_pb2 import Suppression
from amplify.notifications.v1.delivery_service_pb2 import ListSuppressionsResponse
from console.codes import code_of
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get, post
from console.roles import OFFICE
from console.visit import Visit

TENDERS = OFFICE | {"sre"}


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "suppressions")
    template = "suppressions/_results.html" if visit.partial else "suppressions/page.html"
    return visit.show(template, found=found, asked=visit.asked("show"))


def lift(visit: Visit) -> Response:
    """Let messages go to the address again."""
    person, form = visit.path("person"), visit.form
    lift_it = visit.services.notifications.lift_suppression
    if visit.do({}, lambda: lift_it(person, form.text("etag"), form.request_id)):
        return visit.go("/suppressions", done="lifted")
    return show(visit)


def _found(visit: Visit, page: str, size: int) -> ListSuppressionsResponse:
    counting = visit.query.get("show") == "counting"
    return visit.services.notifications.suppressions(include_counting=counting, page=page, size=size)


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Suppression], str]:
    found = _found(visit, page, size)
    return found.suppressions, found.next_page_token


LISTING: Listing[Suppression] = Listing(
    "suppressions",
    _rows,
    (
        Column("suppressions.who", lambda _, one: one.display_name),
        Column("kit.country", lambda _, one: " ".join(one.countries)),
        Column("suppressions.channel", lambda visit, one: visit.coded("timeline.channel", code_of(one, "channel"))),
        Column("suppressions.why", lambda visit, one: visit.coded("suppressions.reason", code_of(one, "reason"))),
        Column("suppressions.code", lambda _, one: one.status_code),
        Column("suppressions.since", lambda _, one: one.suppress_time if one.HasField("suppress_time") else None),
    ),
)

PAGE = Page(
    "suppressions",
    (
        get("/suppressions", show),
        get_csv("/suppressions.csv", LISTING),
        post("/suppressions/{person}/lift", lift),
    ),
    roles=TENDERS,
    menu=Menu("mail-off", "/suppressions", 84, group="messages"),
)
