"""What remediation answers, each on behalf of a caller and filtered by what that caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment.domain.due_days import latest_passed
from assessment.domain.improvement_line import LineState, Source
from assessment.domain.progress_report import ProgressState
from assessment.domain.visit_terms import VisitState
from assessment.queries import Listed
from assessment.remediation.storage import advisory_visits, committees, lines, plans, progress_reports
from chassis import access, clock
from chassis.database import Row
from chassis.identity import Identity
from chassis.paging import Sort
from chassis.repository import Repository

DUE_FIRST: Sort = (("due_at", 1), ("_id", 1))
LATEST_FIRST: Sort = (("planned_day", -1), ("_id", 1))
BY_FACTORY: Sort = (("_id", 1),)


@dataclass(frozen=True)
class Wanted:
    """The conditions that every list of remediation takes; those that are empty do not count."""

    factory_id: str = ""
    country: str = ""
    due_before: date | None = None
    overdue: bool = False
    page_size: int = 0
    page_token: str = ""

    def query(self, due_day: str, waiting: str) -> Row:
        """As a database query; `due_day` names the field with the day, `waiting` the state that can be overdue."""
        conditions: list[Row] = []
        if self.factory_id:
            conditions.append({"factory_id": self.factory_id})
        if self.country:
            conditions.append({"country": self.country})
        if self.due_before:
            conditions.append({due_day: {"$lt": self.due_before.isoformat()}})
        if self.overdue:
            conditions.append(overdue(waiting))
        return {"$and": conditions} if conditions else {}


@dataclass(frozen=True)
class PlanOverview:
    """The plan of a factory as it is stored, how many lines are in each state, and how many are overdue."""

    row: Row
    states: dict[LineState, int]
    overdue: int


def overdue(waiting: str) -> Row:
    """What waits in this state and whose due day has passed, as a database query.

    Days end at whole quarters of an hour in every time zone, so cutting the time to them changes nothing, and lets a
    page token serve its list until the next.
    """
    now = clock.now()
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return {"state": waiting, "due_at": {"$lte": latest_passed(quarter)}}


def get_plan(caller: Identity, factory_id: str) -> PlanOverview:
    """The plan of one factory. Raises NotFound, also for one that the caller may not see."""
    row = plans.read(access.filter(caller, "improvement_plan"), factory_id)
    mine = {"factory_id": factory_id}
    grouped = lines.collection.aggregate([{"$match": mine}, {"$group": {"_id": "$state", "count": {"$sum": 1}}}])
    states = {LineState(one["_id"]): int(one["count"]) for one in grouped}
    ordered = {state: states[state] for state in LineState if state in states}
    return PlanOverview(row, ordered, lines.collection.count_documents({**mine, **overdue(LineState.PLANNED)}))


def get_line(caller: Identity, factory_id: str, line_id: str) -> Row:
    """One line. Raises NotFound, also for one that the caller may not see."""
    visible = access.filter(caller, "improvement_line")
    return lines.read(access.Filter({"$and": [visible.query, {"factory_id": factory_id}]}), line_id)


def list_lines(
    caller: Identity, wanted: Wanted, *, states: Sequence[LineState], source: Source | None, cluster: str
) -> Listed:
    """The lines that the caller may see, those due first at the top."""
    query: Row = wanted.query("plan.due_day", LineState.PLANNED)
    more: Row = {}
    if states:
        more["state"] = {"$in": sorted(state.value for state in states)}
    if source:
        more["source"] = source.value
    if cluster:
        more["cluster"] = cluster
    return _list(caller, "improvement_line", lines, {"$and": [query, more]}, DUE_FIRST, wanted)


def get_progress_report(caller: Identity, assessment_id: str) -> Row:
    """One progress report. Raises NotFound, also for one that the caller may not see."""
    return progress_reports.read(access.filter(caller, "progress_report"), assessment_id)


def list_progress_reports(caller: Identity, wanted: Wanted, *, state: ProgressState | None) -> Listed:
    """The progress reports that the caller may see, those due first at the top, without contents and lines."""
    query: Row = {"$and": [wanted.query("due_day", ProgressState.OPEN), {"state": state.value} if state else {}]}
    without = {"content": 0, "lines": 0}
    return _list(caller, "progress_report", progress_reports, query, DUE_FIRST, wanted, without)


def get_visit(caller: Identity, visit_id: str) -> Row:
    """One advisory visit. Raises NotFound, also for one that the caller may not see."""
    return advisory_visits.read(access.filter(caller, "advisory_visit"), visit_id)


def list_visits(caller: Identity, wanted: Wanted, *, state: VisitState | None) -> Listed:
    """The advisory visits that the caller may see, the latest planned day first."""
    query: Row = {"$and": [wanted.query("planned_day", VisitState.PLANNED), {"state": state.value} if state else {}]}
    return _list(caller, "advisory_visit", advisory_visits, query, LATEST_FIRST, wanted)


def get_committee(caller: Identity, factory_id: str) -> Row:
    """The committee of one factory. Raises NotFound, also for one that the caller may not see."""
    return committees.read(access.filter(caller, "committee"), factory_id)


def list_committees(caller: Identity, wanted: Wanted) -> Listed:
    """The committees that the caller may see, by factory, without their meetings."""
    query = wanted.query("", "")
    return _list(caller, "committee", committees, query, BY_FACTORY, wanted, {"meetings": 0})


def _list(
    caller: Identity,
    kind: str,
    kept: Repository[Any],
    query: Row,
    sort: Sort,
    wanted: Wanted,
    projection: Row | None = None,
) -> Listed:
    visible = access.filter(caller, kind)
    page = kept.find(
        visible, query, sort=sort, page_size=wanted.page_size, page_token=wanted.page_token, projection=projection
    )
    return Listed(page, kept.count(visible, query))
