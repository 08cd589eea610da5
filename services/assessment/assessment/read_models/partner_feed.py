"""The feed that partners follow: every released report, changed line and consent in one numbered row of references.

Rows are numbered 1, 2, 3 … by a counter that moves in the transaction that adds them. Two workers conflict on it and
take turns, so that whoever sees a number, reading with the majority, can see every number before it. A row holds ids
only; what it refers to is read, filtered and masked when it is sent. A rebuild numbers anew: tokens name their feed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern

from amplify.assessment.v1 import improvement_plan_events_pb2 as lines
from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from amplify.programme.v1 import consent_grant_pb2
from amplify.programme.v1.programme_events_pb2 import ConsentExpired, ConsentGranted, ConsentRenewed, ConsentWithdrawn
from chassis.consumer import Consumer, Message
from chassis.database import Row
from chassis.view import View

REPORT, LINE, GRANTED, RENEWED, RETRACTION = "report", "line", "granted", "renewed", "retraction"
_COUNTER = 0
_OPENED_HERE = {consent_grant_pb2.CONSENT_SCOPE_REPORTS, consent_grant_pb2.CONSENT_SCOPE_IMPROVEMENT_PLAN}

partner_feed = View(
    "partner_feed",
    [
        IndexModel([("factory_id", ASCENDING), ("_id", ASCENDING)], name="of_factory"),
        IndexModel([("organisation_id", ASCENDING), ("_id", ASCENDING)], name="of_organisation", sparse=True),
    ],
)


def rows(generation: int, above: int, limit: int, condition: Mapping[str, Any] | None = None) -> list[Row]:
    """Rows of a generation above a number, in order, that meet the condition."""
    numbered = {"_id": {"$gt": max(above, _COUNTER)}}
    return list(_majority(generation).find({"$and": [numbered, condition or {}]}).sort("_id", 1).limit(limit))


def last_number(generation: int) -> int:
    """The number of the last row, 0 without one."""
    counter = _majority(generation).find_one({"_id": _COUNTER})
    return int(counter["last"]) if counter else 0


def retractions(generation: int, organisation_id: str) -> list[Row]:
    """Every retraction that an organisation was ever owed, in order."""
    query = {"organisation_id": organisation_id, "kind": RETRACTION}
    return list(_majority(generation).find(query).sort("_id", 1))


def retraction_of(organisation_id: str, grant_id: str) -> Row | None:
    """The retraction of a grant that this organisation held, None while there is none."""
    query = {"organisation_id": organisation_id, "kind": RETRACTION, "grant_id": grant_id}
    return partner_feed.reads().find_one(query)


def grant_row(generation: int, organisation_id: str, grant_id: str) -> Row | None:
    """The row that tells of a grant, None while there is none."""
    query = {"organisation_id": organisation_id, "kind": GRANTED, "grant_id": grant_id}
    return _majority(generation).find_one(query)


def on_report_released(fact: ReportReleased, message: Message) -> None:
    """A report is out."""
    _append(message, REPORT, fact.factory_id, {"assessment_id": fact.assessment_id})


def on_line_changed(fact: Any, message: Message) -> None:
    """A line of an improvement plan was opened or has changed, in whatever way."""
    _append(message, LINE, fact.factory_id, {"line_id": fact.line_id})


def on_consent_granted(fact: ConsentGranted, message: Message) -> None:
    """An organisation may see something from its start on."""
    _append_consent(message, GRANTED, fact, {})


def on_consent_renewed(fact: ConsentRenewed, message: Message) -> None:
    """The end of a grant was moved."""
    _append_consent(message, RENEWED, fact, {})


def on_consent_withdrawn(fact: ConsentWithdrawn, message: Message) -> None:
    """The factory took a grant back."""
    state = {"state": consent_grant_pb2.CONSENT_STATE_WITHDRAWN, "ended_at": _time(fact.withdraw_time)}
    _append_consent(message, RETRACTION, fact, state)


def on_consent_expired(fact: ConsentExpired, message: Message) -> None:
    """A grant reached its end."""
    state = {"state": consent_grant_pb2.CONSENT_STATE_EXPIRED, "ended_at": _time(fact.expire_time)}
    _append_consent(message, RETRACTION, fact, state)


CONSUMER = Consumer(
    name="partner-feed",
    streams=["assessment-assessments", "assessment-improvement-plans", "programme-consents"],
    projections={
        ReportReleased: on_report_released,
        lines.ImprovementLineOpened: on_line_changed,
        lines.ImprovementLinePlanned: on_line_changed,
        lines.ImprovementLineProven: on_line_changed,
        lines.ImprovementProofRejected: on_line_changed,
        lines.ImprovementLineVerified: on_line_changed,
        lines.ImprovementLineReopened: on_line_changed,
        lines.ImprovementLineConfirmed: on_line_changed,
        lines.ImprovementLineOverdue: on_line_changed,
        ConsentGranted: on_consent_granted,
        ConsentRenewed: on_consent_renewed,
        ConsentWithdrawn: on_consent_withdrawn,
        ConsentExpired: on_consent_expired,
    },
    view=partner_feed,
)


def _append_consent(message: Message, kind: str, fact: Any, more: Row) -> None:
    """Consents for other scopes, or for one single thing, open nothing here."""
    if fact.scope in _OPENED_HERE and not fact.reference:
        ids = {"organisation_id": fact.organisation_id, "grant_id": fact.grant_id, "scope": fact.scope}
        _append(message, kind, fact.factory_id, ids | more)


def _append(message: Message, kind: str, factory_id: str, more: Row) -> None:
    feed = partner_feed.writes()
    counter = feed.find_one_and_update(
        {"_id": _COUNTER}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
    )
    assert counter is not None
    row: Row = {"_id": counter["last"], "kind": kind, "factory_id": factory_id}
    feed.insert_one(row | {"event_id": message.event_id, "at": message.time} | more)


def _majority(generation: int) -> Collection[Row]:
    return partner_feed.collection(generation).with_options(read_concern=ReadConcern("majority"))


def _time(timestamp: Any) -> datetime:
    moment: datetime = timestamp.ToDatetime()
    return moment
