"""How many were trained, by sex and role, for each country or factory; with the formula of every figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from amplify.training.v1.head_count_pb2 import Sex
from amplify.training.v1.summary_pb2 import (
    ListTrainingSummariesRequest,
    ListTrainingSummariesResponse,
    SummaryRow,
    TrainingSummary,
)
from console import courses
from console.codes import number
from console.lists import Column, Listing, get_csv
from console.page import Menu, Page, get
from console.pages.sessions.view import day_asked
from console.roles import ASSESSMENT_STAFF
from console.visit import Visit

FILTERS = ("by", "course", "country", "from", "until")
WAYS = ("country", "factory")


@dataclass(frozen=True)
class Totals:
    """Sums of a summary's cells. `women_percent` is none where nobody completed."""

    enrolled: int
    completed: int
    women: int
    hours: int
    promoted: int
    promotion_known: int

    @property
    def women_percent(self) -> int | None:
        """Share of women among those who completed, rounded to whole percent."""
        return round(100 * self.women / self.completed) if self.completed else None


def totals(summary: TrainingSummary) -> Totals:
    """The sums of one row."""
    cells = summary.cells
    return Totals(
        enrolled=sum(one.enrolled for one in cells),
        completed=sum(one.completed for one in cells),
        women=sum(one.completed for one in cells if one.sex == Sex.SEX_FEMALE),
        hours=sum(one.participant_hours for one in cells),
        promoted=sum(one.promoted for one in cells),
        promotion_known=sum(one.promotion_known for one in cells),
    )


def show(visit: Visit) -> Response:
    """A page of rows with their sums."""
    found = visit.part(lambda: _found(visit, visit.query.get("page", ""), 50), "training summary")
    return visit.show(
        "training_summary/_results.html" if visit.partial else "training_summary/page.html",
        found=found,
        rows=[(one, totals(one)) for one in (found.value.summaries if found.value else ())],
        asked=visit.asked(*FILTERS) | {"by": _by(visit)},
        courses=courses.choices(visit),
        ways=list(WAYS),
    )


def _by(visit: Visit) -> str:
    asked = visit.query.get("by", WAYS[0])
    return asked if asked in WAYS else WAYS[0]


def _found(visit: Visit, page: str, size: int) -> ListTrainingSummariesResponse:
    asked = visit.asked(*FILTERS)
    return visit.services.training.summaries(
        ListTrainingSummariesRequest(
            page_size=size,
            page_token=page,
            row=SummaryRow.ValueType(number(SummaryRow, _by(visit))),
            country=visit.country,
            course=f"courses/{asked['course']}" if asked["course"] else "",
            earliest_day=day_asked(asked["from"]),
            latest_day=day_asked(asked["until"]),
        )
    )


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[TrainingSummary], str]:
    found = _found(visit, page, size)
    return found.summaries, found.next_page_token


LISTING: Listing[TrainingSummary] = Listing(
    "training",
    _rows,
    (
        Column("kit.country", lambda _, one: one.country),
        Column("sessions.factory", lambda _, one: one.factory.removeprefix("factories/")),
        Column("sessions.enrolled", lambda _, one: totals(one).enrolled),
        Column("training_summary.completed", lambda _, one: totals(one).completed),
        Column("training_summary.of_them_women", lambda _, one: totals(one).women),
        Column("training_summary.hours", lambda _, one: totals(one).hours),
        Column("training_summary.promoted", lambda _, one: totals(one).promoted),
        Column("training_summary.promotion_known", lambda _, one: totals(one).promotion_known),
    ),
)

PAGE = Page(
    "training_summary",
    (get("/training", show), get_csv("/training.csv", LISTING)),
    roles=ASSESSMENT_STAFF,
    menu=Menu("users-group", "/training", 53, group="training"),
)
