"""Progress reports that factories owe or have submitted, those due first at the top."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.assessment.v1.progress_report_pb2 import ProgressReport, ProgressReportState
from amplify.assessment.v1.progress_report_service_pb2 import ListProgressReportsResponse
from console.codes import code_of, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.roles import REMEDIATION_READERS
from console.subject import factory_filter
from console.visit import Visit

FILTERS = ("state", "factory", "country")
SHOWN = ("open", "overdue", "submitted")
KINDS = {"open": "busy", "overdue": "bad", "submitted": "good"}
"""The shape of each state."""


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "progress-reports")
    template = "progress_reports/_results.html" if visit.partial else "progress_reports/page.html"
    return visit.show(template, found=found, asked=visit.asked(*FILTERS), shown=SHOWN, kinds=KINDS, state=state)


def state(report: ProgressReport) -> str:
    """Code of its state, `overdue` being one."""
    return "overdue" if report.overdue else code_of(report, "state")


def _found(visit: Visit, page: str, size: int) -> ListProgressReportsResponse:
    asked = visit.asked(*FILTERS)
    return visit.services.remediation.reports(
        factory=factory_filter(asked["factory"]),
        country=visit.country,
        state=number(ProgressReportState, asked["state"]) if asked["state"] in SHOWN else 0,
        overdue=asked["state"] == "overdue",
        page=page,
        size=size,
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[ProgressReport], str]:
    found = _found(visit, page, size)
    return found.progress_reports, found.next_page_token


LISTING: Listing[ProgressReport] = Listing(
    "progress-reports",
    _rows,
    (
        Column("imports.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("kit.country", lambda _, one: one.country),
        Column("factories.status", lambda visit, one: visit.coded("progress_reports.state", state(one))),
        Column("progress_reports.due", lambda _, one: one.due_day),
        Column("progress_reports.submitted", lambda _, one: one.submit_time if one.HasField("submit_time") else None),
        Column("progress_reports.late", lambda visit, one: visit.say("progress_reports.yes") if one.late else ""),
    ),
)

PAGE = Page(
    "progress_reports",
    (get("/progress-reports", show), get_csv("/progress-reports.csv", LISTING)),
    roles=REMEDIATION_READERS,
    menu=Menu("file-text", "/progress-reports", 42, group="improvement"),
)
