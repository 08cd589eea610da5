"""What waits to be done, as conditions on sessions: for the counts of a start page and for the list behind each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chassis.access import Filter
from chassis.database import Row
from training.domain.days import start_of_day
from training.domain.outcomes import OVERDUE_DAYS
from training.domain.work import WorkKind
from training.read_models import country_programmes
from training.storage import recommendations, sessions

OF_SESSIONS = tuple(kind for kind in WorkKind if kind is not WorkKind.RECOMMENDATION_OPEN)


@dataclass(frozen=True)
class Count:
    """How much of a kind waits, and since when the oldest does."""

    kind: WorkKind
    count: int
    oldest_since: datetime | None


def condition(kind: WorkKind, now: datetime) -> Row:
    """Which sessions a kind of work waits in: the day it is now differs from country to country."""
    today = country_programmes.today_by_country(now)
    ways = [{"plan.country": country, **_in_country(kind, day)} for country, day in sorted(today.items())]
    return {"$or": ways} if ways else {"_id": {"$in": []}}


def counts(visible_sessions: Filter, visible_recommendations: Filter, country: str, now: datetime) -> list[Count]:
    """Every kind once, in order."""
    of_country: Row = {"plan.country": country} if country else {}
    found = [_sessions(visible_sessions, kind, of_country, now) for kind in OF_SESSIONS]
    return [*found, _recommendations(visible_recommendations, country)]


def _in_country(kind: WorkKind, today: date) -> Row:
    day = today.isoformat()
    unknown: Row = {"outcomes_missing": {"$gt": 0}}
    overdue_from = (today - timedelta(days=OVERDUE_DAYS)).isoformat()
    conditions: Mapping[WorkKind, Row] = {
        WorkKind.SESSION_TO_COMPLETE: {"state": "scheduled", "last_day": {"$lt": day}},
        WorkKind.ATTENDANCE_MISSING: {"state": "scheduled", "open_days": {"$lt": day}},
        WorkKind.OUTCOMES_DUE: {**unknown, "outcomes_due_on": {"$lte": day, "$gt": overdue_from}},
        WorkKind.OUTCOMES_OVERDUE: {**unknown, "outcomes_due_on": {"$gt": "", "$lte": overdue_from}},
        WorkKind.WAITING_LIST: {"state": "scheduled", "waiting": {"$gt": 0}},
    }
    return conditions[kind]


_SINCE = {
    WorkKind.SESSION_TO_COMPLETE: "$last_day",
    WorkKind.ATTENDANCE_MISSING: {"$min": "$open_days"},
    WorkKind.OUTCOMES_DUE: "$outcomes_due_on",
    WorkKind.OUTCOMES_OVERDUE: "$outcomes_due_on",
    WorkKind.WAITING_LIST: "$waiting_since",
}
_PASSED = {WorkKind.SESSION_TO_COMPLETE, WorkKind.ATTENDANCE_MISSING}
"""Kinds that wait since the end of a day, and not since its beginning."""


def _sessions(visible: Filter, kind: WorkKind, of_country: Row, now: datetime) -> Count:
    group = {"_id": "$plan.time_zone", "count": {"$sum": 1}, "since": {"$min": _SINCE[kind]}}
    wanted = {"$and": [visible.query, of_country, condition(kind, now)]}
    rows: list[Row] = list(sessions.collection.aggregate([{"$match": wanted}, {"$group": group}]))
    since = [_instant(kind, row["since"], row["_id"]) for row in rows]
    return Count(kind, sum(row["count"] for row in rows), min(since, default=None))


def _instant(kind: WorkKind, since: Any, time_zone: str) -> datetime:
    if isinstance(since, datetime):
        return since
    return start_of_day(date.fromisoformat(since) + timedelta(days=int(kind in _PASSED)), time_zone)


def _recommendations(visible: Filter, country: str) -> Count:
    query: Row = {"state": "open", **({"country": country} if country else {})}
    group = {"_id": None, "count": {"$sum": 1}, "since": {"$min": "$opened_at"}}
    wanted = {"$and": [visible.query, query]}
    rows: list[Row] = list(recommendations.collection.aggregate([{"$match": wanted}, {"$group": group}]))
    count, since = (rows[0]["count"], rows[0]["since"]) if rows else (0, None)
    return Count(WorkKind.RECOMMENDATION_OPEN, count, since)
