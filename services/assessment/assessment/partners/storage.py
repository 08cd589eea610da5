"""How acknowledged retractions are kept, and the indexes that reading for partners needs."""

from collections.abc import Iterable

import mongoengine as me
from pymongo import ASCENDING

from assessment.domain import retraction_facts
from assessment.domain.retraction import Retraction
from assessment.domain.retraction_facts import RetractionAcknowledged
from assessment.storage import assessments
from chassis.facts import PRIVATE, Routes
from chassis.repository import Repository, RootDocument


class RetractionDocument(RootDocument):
    """One retraction that was acknowledged; its id is the grant's."""

    organisation_id = me.StringField(required=True)
    factory_id = me.StringField(required=True)
    acknowledged_at = me.DateTimeField(required=True)
    acknowledged_by = me.StringField(required=True)
    meta = {"collection": "retractions", "indexes": [("organisation_id", "acknowledged_at", "_id")]}  # noqa: RUF012


ROUTES = Routes(retraction_facts, {RetractionAcknowledged: PRIVATE})
retractions: Repository[Retraction] = Repository(Retraction, RetractionDocument, ROUTES, source="assessment")


def acknowledged(grant_ids: Iterable[str]) -> frozenset[str]:
    """Which of these grants' retractions have been acknowledged."""
    found = retractions.collection.find({"_id": {"$in": list(grant_ids)}}, {"_id": 1})
    return frozenset(row["_id"] for row in found)


def prepare() -> None:
    """The index over released reports, by release; done by `migrate`."""
    released = {"state": "released"}
    order = [("factory_id", ASCENDING), ("report.released_at", ASCENDING), ("_id", ASCENDING)]
    assessments.collection.create_index(order, name="released", partialFilterExpression=released)
