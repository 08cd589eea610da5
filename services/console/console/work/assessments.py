"""Assessments that are under way: to be visited, answered and reviewed, and reports past their release day."""

from collections.abc import Iterable
from datetime import datetime

from amplify.assessment.v1.assessment_pb2 import Assessment, AssessmentState
from chassis import clock
from console.codes import code_of
from console.roles import ASSESSMENT_STAFF
from console.times import day_start, moment
from console.visit import Visit
from console.work.row import Cell, Row

ROLES = ASSESSMENT_STAFF
OPEN = (
    AssessmentState.ASSESSMENT_STATE_PLANNED,
    AssessmentState.ASSESSMENT_STATE_IN_PROGRESS,
    AssessmentState.ASSESSMENT_STATE_SUBMITTED,
)
MOST = 1000
"""Open assessments that are counted; a country has some dozens."""


def rows(visit: Visit) -> list[Row]:
    """Counts of all that the person may know of."""
    found, late = under_way(visit), overdue(visit)
    by_state = {state: [one for one in found if code_of(one, "state") == state] for state in _WAITS}
    listed = "/assessments?" + (f"country={visit.country}&" if visit.country else "")
    reports = Row(
        "reports", overdue=Cell(len(late), f"{listed}show=overdue", _first(map(_due, late))) if late else None
    )
    return [
        reports,
        *(
            Row(kind, **{column: Cell(len(some), f"{listed}show={state}", _first(map(since, some)))})
            for state, (kind, column, since) in _WAITS.items()
            if (some := by_state[state])
        ),
    ]


def under_way(visit: Visit) -> list[Assessment]:
    """Every assessment under way that the person may know of; read once a request."""
    if "under_way" not in visit.memo:
        visit.memo["under_way"] = _read(visit)
    return list(visit.memo["under_way"])


def overdue(visit: Visit) -> list[Assessment]:
    """Those of them whose report should be out, the longest overdue first."""
    return sorted((one for one in under_way(visit) if _is_late(one)), key=_due)


def _read(visit: Visit) -> list[Assessment]:
    country, found, page = visit.country, list[Assessment](), ""
    while len(found) < MOST:
        answer = visit.services.assessment.assessments(states=OPEN, country=country, page=page, size=500)
        found += answer.assessments
        page = answer.next_page_token
        if not page:
            break
    return found


def _due(one: Assessment) -> datetime:
    return moment(one.release_due_time)


def _is_late(one: Assessment) -> bool:
    return one.HasField("release_due_time") and _due(one) < clock.now()


def _visit_day(one: Assessment) -> datetime:
    return day_start(one.on_site_days[0], one.time_zone)


def _first(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)


_WAITS = {
    "planned": ("visits_to_start", "due", _visit_day),
    "in_progress": ("answers", "due", _due),
    "submitted": ("reviews", "waiting", lambda one: moment(one.submit_time)),
}
"""What an open assessment waits for by its state: kind of work, column, and the moment that its age is told by."""
