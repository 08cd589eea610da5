"""The table of import rows: what each row said until it was worked, and what became of it."""

from typing import Any

from chassis.database import db
from chassis.paging import Page
from chassis.unit_of_work import current
from programme import paged
from programme.domain.factory_csv import RawRow
from programme.domain.factory_import import Counts, Outcome, RowResult
from programme.paged import Paging
from programme.storage import IMPORT_ROWS

_ORDER = (("number", 1), ("_id", 1))


def row_document(import_id: str, raw: RawRow, result: RowResult) -> dict[str, Any]:
    """A row as it is stored; cells are kept only while they are needed, because they hold contacts."""
    row = {"_id": f"{import_id}/{raw.number}", "import_id": import_id, "number": raw.number, **_outcome(result)}
    return row | {"cells": raw.cells} if result.outcome is Outcome.PENDING else row


def next_rows(import_id: str, most: int) -> list[dict[str, Any]]:
    """The next rows without an outcome, in the order of the file."""
    query = {"import_id": import_id, "outcome": Outcome.PENDING.value}
    return list(db()[IMPORT_ROWS].find(query, {"cells": 0}).sort("number", 1).limit(most))


def waiting(row_id: str) -> dict[str, Any] | None:
    """The row, unless another worker has given it its outcome meanwhile; read in the unit of work that will."""
    current()
    return db()[IMPORT_ROWS].find_one({"_id": row_id, "outcome": Outcome.PENDING.value})


def settle(row_id: str, result: RowResult) -> None:
    """Give a waiting row its outcome. Two workers at once conflict here, and the slower one reruns."""
    current()
    db()[IMPORT_ROWS].update_one({"_id": row_id}, {"$set": _outcome(result), "$unset": {"cells": ""}})


def counts(import_id: str) -> Counts:
    """How many rows of an import have which outcome."""
    stages: list[dict[str, Any]] = [
        {"$match": {"import_id": import_id}},
        {"$group": {"_id": "$outcome", "rows": {"$sum": 1}}},
    ]
    by_outcome = {group["_id"]: group["rows"] for group in db()[IMPORT_ROWS].aggregate(stages)}
    by_outcome.pop(Outcome.PENDING.value, None)
    return Counts(**by_outcome)


def page(import_id: str, outcome: Outcome | None, wanted: Paging) -> tuple[Page, int]:
    """One page of rows in the order of the file, and how many there are in all pages."""
    query = {"import_id": import_id} | ({"outcome": outcome.value} if outcome else {})
    return paged.page(db()[IMPORT_ROWS], query, _ORDER, wanted)


def _outcome(result: RowResult) -> dict[str, Any]:
    problems = [
        {"field": problem.field, "reason": problem.reason, "description": problem.description}
        for problem in result.problems
    ]
    return {"outcome": result.outcome.value, "factory_id": result.factory_id, "problems": problems}
