"""Published questionnaires: kept for ever under an id that is their content, so that old assessments stay readable."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection

from assessment.domain.assessment import Assessment
from assessment.domain.errors import NoQuestionnaire, WrongState
from assessment.domain.questions import Bank, Questionnaire
from chassis.access import Filter
from chassis.database import Row, db
from chassis.errors import NotFound

_converter = make_converter()


def publish(bank: Bank) -> list[str]:
    """Keep every questionnaire of the bank and make them the current ones; returns their ids.

    Called by `migrate`, before a process that is to use the bank starts. What was published earlier stays as it is.
    """
    kept = _collection()
    kept.create_index([("country", ASCENDING), ("current", ASCENDING), ("effective_on", DESCENDING)])
    published = []
    for country in bank.countries:
        for day in bank.change_days(country):
            made = bank.questionnaire(country, day)
            if made is not None:
                content = {**_converter.unstructure(made), "questions_count": len(made.questions)}
                kept.update_one({"_id": made.id}, {"$setOnInsert": content, "$set": {"current": True}}, upsert=True)
                published.append(made.id)
    kept.update_many({"_id": {"$nin": published}, "current": True}, {"$set": {"current": False}})
    return published


def in_force(country: str, on: date) -> Questionnaire:
    """The questionnaire that a visit starting in the country on that day uses. Raises NoQuestionnaire."""
    query = {"country": country, "current": True, "effective_on": {"$lte": on.isoformat()}}
    row = _collection().find_one(query, {"_id": 1}, sort=[("effective_on", DESCENDING)])
    if row is None:
        raise NoQuestionnaire(f"no questionnaire is in force in {country} on {on}")
    return questionnaire(row["_id"])


@lru_cache(maxsize=64)
def questionnaire(id: str) -> Questionnaire:
    """The questionnaire of this id, remembered by the process: it never changes. Raises NotFound."""
    row = _collection().find_one({"_id": id})
    if row is None:
        raise NotFound("There is no such resource.")
    return _converter.structure(row, Questionnaire)


def pinned(assessment: Assessment) -> Questionnaire:
    """The questionnaire that the visit began with. Raises WrongState before the start."""
    if assessment.questionnaire_id is None:
        raise WrongState("the visit has not started")
    return questionnaire(assessment.questionnaire_id)


def head(visible: Filter, id: str) -> Row:
    """What a list shows of one. Raises NotFound, also for one that the caller may not see."""
    found = heads(visible, {"_id": id}, 1)
    if not found:
        raise NotFound("There is no such resource.")
    return found[0]


def heads(visible: Filter, query: Mapping[str, Any], limit: int) -> list[Row]:
    """What a list shows of questionnaires, in the order of their ids: everything but the questions."""
    condition = {"$and": [visible.query, query]}
    return list(
        _collection().find(condition, {"questions": 0, "sources": 0, "clusters": 0}).sort("_id", 1).limit(limit)
    )


def count(visible: Filter, query: Mapping[str, Any]) -> int:
    """How many there are."""
    return _collection().count_documents({"$and": [visible.query, query]})


def _collection() -> Collection[Row]:
    return db()["questionnaires"]
