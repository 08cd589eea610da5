"""The assessments that the person may know of, those under way first."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.assessment.v1.assessment_pb2 import Assessment, AssessmentState
from amplify.assessment.v1.assessment_service_pb2 import ListAssessmentsResponse
from console.codes import code_of, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.pages.assessment.view import READERS
from console.subject import factory_filter
from console.visit import Visit
from console.work.assessments import overdue

FILTERS = ("show", "country", "factory")
SHOWN = {
    "open": ("planned", "in_progress", "submitted"),
    "overdue": ("in_progress", "submitted"),
    "planned": ("planned",),
    "in_progress": ("in_progress",),
    "submitted": ("submitted",),
    "released": ("released",),
    "cancelled": ("cancelled",),
}


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "assessments")
    template = "assessments/_results.html" if visit.partial else "assessments/page.html"
    return visit.show(template, found=found, asked=visit.asked(*FILTERS), kinds=list(SHOWN))


def _found(visit: Visit, page: str, size: int) -> ListAssessmentsResponse:
    asked = visit.asked(*FILTERS)
    if asked["show"] == "overdue":
        return _overdue(visit, factory_filter(asked["factory"]))
    return visit.services.assessment.assessments(
        states=[AssessmentState.ValueType(number(AssessmentState, code)) for code in SHOWN.get(asked["show"], ())],
        country=visit.country,
        factory=factory_filter(asked["factory"]),
        page=page,
        size=size,
    )


def _overdue(visit: Visit, factory: str) -> ListAssessmentsResponse:
    """What my work counts as overdue, in one page; `factory` empty for all."""
    found = [one for one in overdue(visit) if factory in ("", one.factory.removeprefix("factories/"))]
    return ListAssessmentsResponse(assessments=found, total_size=len(found))


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[Assessment], str]:
    found = _found(visit, page, size)
    return found.assessments, found.next_page_token


LISTING: Listing[Assessment] = Listing(
    "assessments",
    _rows,
    (
        Column("assessment.title", lambda _, one: one.name.removeprefix("assessments/")),
        Column("imports.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("kit.country", lambda _, one: one.country),
        Column("factories.status", lambda visit, one: visit.coded("assessment.state", code_of(one, "state"))),
        Column("assessment.on_site", lambda _, one: one.on_site_days[0] if one.on_site_days else None),
        Column("assessment.due", lambda _, one: one.release_due_time if one.HasField("release_due_time") else None),
        Column("report.released", lambda _, one: one.release_time if one.HasField("release_time") else None),
    ),
)

PAGE = Page(
    "assessments",
    (get("/assessments", show), get_csv("/assessments.csv", LISTING)),
    roles=READERS,
    menu=Menu("clipboard-check", "/assessments", 30),
)
