"""What waits for somebody: counted from indexes alone, whatever the number of factories."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assessment.domain.due_days import latest_passed
from assessment.domain.improvement_line import LineState
from assessment.domain.progress_report import ProgressState
from assessment.domain.visit_terms import VisitState
from assessment.domain.work import Work, WorkKind, WorkStatus
from assessment.remediation.storage import advisory_visits, lines, progress_reports
from chassis import access, clock
from chassis.database import Row
from chassis.identity import Identity
from chassis.repository import Repository

_WAITING: Mapping[str, WorkStatus] = {LineState.OPEN: WorkStatus.UNPLANNED, LineState.PROVEN: WorkStatus.WAITING}
"""What lines wait for that have no due day before them."""


def count_work(caller: Identity, *, factory_id: str, country: str) -> list[Work]:
    """What waits of all that the caller may see; rows that count nothing are left out."""
    place: Row = {"factory_id": factory_id} if factory_id else {}
    place |= {"country": country} if country else {}
    now = clock.now()
    return [
        *_work(caller, WorkKind.IMPROVEMENT_LINE, lines, place, [*_WAITING, LineState.PLANNED], now),
        *_work(caller, WorkKind.PROGRESS_REPORT, progress_reports, place, [ProgressState.OPEN], now),
        *_work(caller, WorkKind.ADVISORY_VISIT, advisory_visits, place, [VisitState.PLANNED], now),
    ]


def _work(
    caller: Identity, kind: WorkKind, kept: Repository[Any], place: Row, states: Sequence[str], now: datetime
) -> list[Work]:
    """One pass over the index of place and state; `since` says how long lines wait that have no due day."""
    visible = access.filter(caller, kind.value)
    waiting = _WAITING if kind is WorkKind.IMPROVEMENT_LINE else {}
    undated: Row = {"$in": ["$state", [str(state) for state in waiting]]}
    since = {"$cond": [undated, "$since", "$due_at"]}
    condition = {"$and": [visible.query, place, {"state": {"$in": [str(state) for state in states]}}]}
    late = {"$lte": ["$due_at", latest_passed(now)]}
    group = {"_id": {"state": "$state", "late": late}, "count": {"$sum": 1}, "oldest": {"$min": since}}
    found: dict[WorkStatus, Work] = {}
    for row in kept.collection.aggregate([{"$match": condition}, {"$group": group}]):
        status = waiting.get(row["_id"]["state"]) or (WorkStatus.OVERDUE if row["_id"]["late"] else WorkStatus.DUE)
        known = found.get(status, Work(kind, status, 0, row["oldest"]))
        found[status] = Work(kind, status, known.count + row["count"], min(known.oldest, row["oldest"]))
    return [found[status] for status in WorkStatus if status in found]
