"""Whom a fact concerns: each factory's advisor, its consents and its released reports, one document a factory.

This is declared state of the consumer `messages`: it moves in the same transaction as the messages that are planned
from it. Each source owns its own fields, so the order between streams does not matter. That one factory is one
document makes two workers that meet a consent and a release of it at the same moment take turns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from google.protobuf.message import Message as Proto
from pymongo.collection import Collection

from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from amplify.programme.v1 import consent_grant_pb2
from amplify.programme.v1.programme_events_pb2 import (
    ConsentExpired,
    ConsentGranted,
    ConsentRenewed,
    ConsentWithdrawn,
    FactoryEnrolled,
    FactoryUpdated,
)
from chassis.access import EVERYTHING
from chassis.consumer import Handler, Message
from chassis.database import Row, db
from notifications.moments import moment
from notifications.storage import recipients

COLLECTION = "audience"


@dataclass(frozen=True)
class Release:
    """A released report: the fact that told it, the assessment, and when."""

    event_id: str
    assessment_id: str
    at: datetime


class Audience:
    """Answers what audiences ask (see `audiences.Directory`), inside the unit of work that plans.

    People are those behind recipient `after`, at most `limit` of them (0 for all), so that a page can be planned.
    """

    def __init__(self, after: str = "", limit: int = 0) -> None:
        self._after, self._limit = after, limit

    def advisor_of(self, factory_id: str) -> str:
        """The advisor assigned to the factory, empty if none is known."""
        return str(_factory(factory_id).get("advisor", ""))

    def knows(self, factory_id: str) -> bool:
        """Whether programme's word on the factory has arrived, be it that no advisor is assigned."""
        return "advisor" in _factory(factory_id)

    def people(self, role: str, *, country: str = "", factory: str = "", organisation: str = "") -> list[str]:
        """Recipients who hold the role and whatever else is asked for, by id."""
        wanted = {"roles": role, "countries": country, "factories": factory, "organisations": organisation}
        query = {f"particulars.{field}": value for field, value in wanted.items() if value}
        behind = {"_id": {"$gt": self._after}}
        rows = recipients.collection.find({"$and": [EVERYTHING.query, query, behind]}, {"_id": 1})
        return [row["_id"] for row in rows.sort("_id", 1).limit(self._limit)]

    def entitled_organisations(self, factory_id: str, at: datetime) -> list[str]:
        """Organisations with a grant for the factory's reports that held at `at`, as far as is known here."""
        grants: dict[str, Row] = _factory(factory_id).get("grants", {})
        return sorted({grant["organisation"] for grant in grants.values() if _held(grant, at)})


def releases(factory_id: str) -> list[Release]:
    """The released reports of a factory."""
    known: dict[str, Row] = _factory(factory_id).get("releases", {})
    return [Release(row["event_id"], id, row["at"]) for id, row in sorted(known.items())]


def on_factory_enrolled(fact: FactoryEnrolled, _: Message) -> None:
    """A new factory, perhaps with an advisor."""
    _set(fact.factory_id, {"advisor": fact.profile.assigned_advisor})


def on_factory_updated(fact: FactoryUpdated, _: Message) -> None:
    """The advisor may be another one."""
    _set(fact.factory_id, {"advisor": fact.profile.assigned_advisor})


def on_consent_granted(fact: ConsentGranted, _: Message) -> None:
    """A buyer may be told of reports from now on; other scopes are not kept."""
    if fact.scope == consent_grant_pb2.CONSENT_SCOPE_REPORTS:
        grant = {"organisation": fact.organisation_id, "from": moment(fact.start_time), "to": moment(fact.expire_time)}
        _set(fact.factory_id, {f"grants.{fact.grant_id}.{name}": value for name, value in grant.items()})


def on_consent_renewed(fact: ConsentRenewed, _: Message) -> None:
    """It holds longer."""
    if fact.scope == consent_grant_pb2.CONSENT_SCOPE_REPORTS:
        _set(fact.factory_id, {f"grants.{fact.grant_id}.to": moment(fact.expire_time)})


def on_consent_withdrawn(fact: ConsentWithdrawn, _: Message) -> None:
    """It held until now."""
    if fact.scope == consent_grant_pb2.CONSENT_SCOPE_REPORTS:
        _set(fact.factory_id, {f"grants.{fact.grant_id}.ended": moment(fact.withdraw_time)})


def on_consent_expired(fact: ConsentExpired, _: Message) -> None:
    """It held until now."""
    if fact.scope == consent_grant_pb2.CONSENT_SCOPE_REPORTS:
        _set(fact.factory_id, {f"grants.{fact.grant_id}.ended": moment(fact.expire_time)})


def on_report_released(fact: ReportReleased, message: Message) -> None:
    """A report is out."""
    release = {"event_id": message.event_id, "at": moment(fact.release_time)}
    _set(fact.factory_id, {f"releases.{fact.assessment_id}": release})


PROJECTIONS: Mapping[type[Proto], Handler] = {
    FactoryEnrolled: on_factory_enrolled,
    FactoryUpdated: on_factory_updated,
    ConsentGranted: on_consent_granted,
    ConsentRenewed: on_consent_renewed,
    ConsentWithdrawn: on_consent_withdrawn,
    ConsentExpired: on_consent_expired,
    ReportReleased: on_report_released,
}


def prepare() -> None:
    """Create the collection; a transaction cannot while another one runs."""
    if COLLECTION not in db().list_collection_names():
        db().create_collection(COLLECTION)


def _collection() -> Collection[Row]:
    return db()[COLLECTION]


def _factory(factory_id: str) -> Row:
    return _collection().find_one({"_id": factory_id}) or {}


def _set(factory_id: str, fields: Row) -> None:
    _collection().update_one({"_id": factory_id}, {"$set": fields}, upsert=True)


def _held(grant: Row, at: datetime) -> bool:
    return "from" in grant and grant["from"] <= at < min(grant["to"], grant.get("ended", grant["to"]))
