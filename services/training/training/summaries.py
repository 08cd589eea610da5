"""Indicators of training by factory or by country, with sex and role: worked out from the people of closed sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis import paging
from chassis.access import Filter
from chassis.database import Row, db
from training.domain.people import Role, Sex
from training.domain.summary import SummaryRow
from training.storage import PARTICIPANTS

_BY_PLACE = (("country", 1), ("factory_id", 1))


@dataclass(frozen=True)
class Wanted:
    """Which people count; empty conditions do not. Days are the last days of sessions, both included."""

    row: SummaryRow
    country: str = ""
    factory_id: str = ""
    course_id: str = ""
    earliest: date | None = None
    latest: date | None = None

    def query(self) -> Row:
        """Rows of people in completed sessions."""
        days: Row = {"$gt": ""}
        if self.earliest:
            days["$gte"] = self.earliest.isoformat()
        if self.latest:
            days["$lte"] = self.latest.isoformat()
        found: Row = {"settled_on": days}
        if self.country:
            found["country"] = self.country
        if self.factory_id:
            found["employer.factory_id"] = self.factory_id
        if self.course_id:
            found["course_id"] = self.course_id
        return found


@dataclass(frozen=True)
class Cell:
    """The figures of one sex and role, as `domain.summary.FORMULAS` says; the mean is in tenths of a percent."""

    sex: Sex
    role: Role
    enrolled: int
    attended: int
    completed: int
    participant_hours: int
    promotion_known: int
    promoted: int
    pay_change_known: int
    mean_pay_change_permille: int | None


@dataclass(frozen=True)
class Summary:
    """One row: a country, or a factory in a country (an empty one for people of none)."""

    country: str
    factory_id: str
    cells: tuple[Cell, ...]


def page(visible: Filter, wanted: Wanted, page_size: int, page_token: str) -> tuple[list[Summary], str, int]:
    """Summaries by country and factory, the token of the next page, and how many there are in all pages."""
    query = {"$and": [visible.query, wanted.query()]}
    size = paging.size(page_size)
    mark = {"query": query, "row": wanted.row}
    behind = paging.after(page_token, mark, _BY_PLACE)
    places: list[Row] = [
        {"$match": query},
        {"$group": {"_id": _place(wanted.row)}},
        {"$project": {"_id": 0, "country": "$_id.country", "factory_id": "$_id.factory_id"}},
    ]
    listing: list[Row] = [{"$match": behind}, {"$sort": dict(_BY_PLACE)}, {"$limit": size + 1}]
    facets = {"page": listing, "total": [{"$count": "n"}]}
    (found,) = db()[PARTICIPANTS].aggregate([*places, {"$facet": facets}])
    rows = found["page"]
    token = paging.token(rows[size - 1], mark, _BY_PLACE) if len(rows) > size else ""
    shown = rows[:size]
    cells = _cells(query, wanted.row, shown) if shown else {}
    summaries = [
        Summary(row["country"], row["factory_id"], tuple(cells[row["country"], row["factory_id"]])) for row in shown
    ]
    return summaries, token, found["total"][0]["n"] if found["total"] else 0


def _place(row: SummaryRow) -> Row:
    factory: Any = "$employer.factory_id" if row is SummaryRow.FACTORY else ""
    return {"country": "$country", "factory_id": factory}


def _if(condition: Any) -> Row:
    return {"$sum": {"$cond": [condition, 1, 0]}}


def _cells(query: Row, row: SummaryRow, shown: list[Row]) -> dict[tuple[str, str], list[Cell]]:
    place = "employer.factory_id" if row is SummaryRow.FACTORY else ""
    places = [{"country": one["country"], **({place: one["factory_id"]} if place else {})} for one in shown]
    promotion, pay = "$outcomes.promotion.v", "$outcomes.pay_change.v"
    group = {
        "_id": {**_place(row), "sex": "$sex", "role": "$role"},
        "enrolled": {"$sum": 1},
        "attended": _if({"$gt": ["$days_present", 0]}),
        "completed": _if("$completed"),
        "hours": {"$sum": {"$multiply": ["$days_present", "$hours_per_day"]}},
        "promotion_known": _if({"$gte": [promotion, 0]}),
        "promoted": _if({"$gt": [promotion, 0]}),
        "pay_change_known": _if({"$isNumber": pay}),
        "pay_change": {"$avg": pay},
    }
    found: dict[tuple[str, str], list[Cell]] = {}
    match = {"$and": [query, {"$or": places}]}
    rows = {
        tuple(one["_id"].values()): one for one in db()[PARTICIPANTS].aggregate([{"$match": match}, {"$group": group}])
    }
    order = {(sex, role): place for place, (sex, role) in enumerate((sex, role) for sex in Sex for role in Role)}
    for key in sorted(rows, key=lambda key: order[Sex(key[2]), Role(key[3])]):
        found.setdefault((key[0], key[1]), []).append(_cell(rows[key]))
    return found


def _cell(row: Mapping[str, Any]) -> Cell:
    mean = row["pay_change"]
    return Cell(
        Sex(row["_id"]["sex"]),
        Role(row["_id"]["role"]),
        row["enrolled"],
        row["attended"],
        row["completed"],
        row["hours"],
        row["promotion_known"],
        row["promoted"],
        row["pay_change_known"],
        None if mean is None else round(mean),
    )
