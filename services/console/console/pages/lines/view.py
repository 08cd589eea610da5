"""Lines of improvement plans across factories, those due first at the top."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.assessment.v1.improvement_plan_pb2 import ImprovementLine, ImprovementLineState, ImprovementSource
from amplify.assessment.v1.improvement_plan_service_pb2 import ListImprovementLinesResponse
from console.codes import code_of, codes, number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.roles import REMEDIATION_READERS
from console.subject import factory_filter
from console.texts import Said
from console.times import chosen_day
from console.visit import Visit

FILTERS = ("state", "source", "cluster", "factory", "before", "country")
SHOWN = {
    "open": ("open",),
    "planned": ("planned",),
    "overdue": (),
    "proven": ("proven",),
    "closed": ("verified", "confirmed"),
}
"""What may be asked for, as states of lines; `overdue` is asked for by its own field."""
KINDS = {"open": "wait", "planned": "busy", "overdue": "bad", "proven": "wait", "verified": "good", "confirmed": "good"}
"""The shape of each state."""


def show(visit: Visit) -> Response:
    """A page of the list; only the rows when htmx asks."""
    found = visit.part(lambda: find(visit, visit.query.get("page", ""), 50), "lines")
    template = "lines/_results.html" if visit.partial else "lines/page.html"
    return visit.show(template, found=found, title=title, state=state, **choices(visit))


def choices(visit: Visit) -> dict[str, object]:
    """What the filters offer and what is chosen."""
    return {
        "asked": visit.asked(*FILTERS),
        "shown": list(SHOWN),
        "sources": codes(ImprovementSource),
        "kinds": KINDS,
        "tool": visit.tool(visit.country or visit.home),
    }


def find(visit: Visit, page: str, size: int, factory: str = "") -> ListImprovementLinesResponse:
    """A page of the lines that the address asks for, of all factories or of one."""
    asked = visit.asked(*FILTERS)
    return visit.services.remediation.lines(
        factory=factory or factory_filter(asked["factory"]),
        country=visit.country,
        states=[number(ImprovementLineState, code) for code in SHOWN.get(asked["state"], ())],
        source=number(ImprovementSource, asked["source"]),
        cluster=asked["cluster"],
        overdue=asked["state"] == "overdue",
        due_before=chosen_day(asked["before"]),
        page=page,
        size=size,
    )


def title(visit: Visit, line: ImprovementLine) -> Said:
    """What is wrong: as the questionnaire words it, or in the factory's words; its point where neither is there."""
    tool = visit.tool(line.country)
    if line.issue:
        return Said(line.issue, "")
    return tool.finding(line.question_id, visit.language) or tool.point(line.cluster, line.point, visit.language)


def state(line: ImprovementLine) -> str:
    """Code of its state, `overdue` being one."""
    return "overdue" if line.overdue else code_of(line, "state")


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[ImprovementLine], str]:
    found = find(visit, page, size, visit.request.path_params.get("factory", ""))
    return found.improvement_lines, found.next_page_token


def _cluster(visit: Visit, line: ImprovementLine) -> str:
    return visit.tool(line.country).cluster(line.cluster, visit.language).text


def _point(visit: Visit, line: ImprovementLine) -> str:
    return visit.tool(line.country).point(line.cluster, line.point, visit.language).text


def _grade(visit: Visit, line: ImprovementLine) -> str:
    return visit.coded("lines.grade", code_of(line.proof, "grade")) if line.HasField("proof") else ""


LISTING: Listing[ImprovementLine] = Listing(
    "improvement-lines",
    _rows,
    (
        Column("imports.factory", lambda _, line: line.factory.removeprefix("factories/")),
        Column("kit.country", lambda _, line: line.country),
        Column("lines.cluster", _cluster),
        Column("lines.point", _point),
        Column("lines.issue", lambda visit, line: title(visit, line).text),
        Column("lines.source", lambda visit, line: visit.coded("lines.source", code_of(line, "source"))),
        Column("factories.status", lambda visit, line: visit.coded("lines.state", state(line))),
        Column("lines.root_cause", lambda _, line: line.root_cause),
        Column("lines.action", lambda _, line: line.action),
        Column("lines.owner", lambda _, line: line.owner),
        Column("lines.due", lambda _, line: line.due_day if line.HasField("due_day") else None),
        Column("lines.proof", _grade),
        Column("lines.closed", lambda _, line: line.close_time if line.HasField("close_time") else None),
        Column("lines.reopened", lambda _, line: line.reopened_count),
    ),
)

PAGE = Page(
    "lines",
    (get("/lines", show), get_csv("/lines.csv", LISTING)),
    roles=REMEDIATION_READERS,
    menu=Menu("list-check", "/lines", 40, group="improvement"),
)
