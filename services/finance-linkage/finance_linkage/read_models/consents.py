"""Which factory consents to which financier seeing what finance needs: kept from programme's facts.

This copy lags behind by a moment. It says whom to ask for consent; whether somebody may see something is asked of
programme itself, each time.
"""

from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, IndexModel

from amplify.programme.v1.programme_events_pb2 import ConsentExpired, ConsentGranted, ConsentRenewed, ConsentWithdrawn
from chassis.consumer import Consumer, Message
from chassis.view import View
from finance_linkage.consents import concerns_referrals

_OF_FACTORY = IndexModel([("factory_id", ASCENDING), ("organisation_id", ASCENDING)], name="of_factory")
consents = View("consents", [_OF_FACTORY])


@dataclass(frozen=True)
class Grant:
    """A grant for finance and when it ends."""

    id: str
    until: datetime


def live_grant(factory_id: str, financier_id: str, referral_id: str, now: datetime) -> Grant | None:
    """A grant that is live as far as this service has heard: for this referral, or for the factory as such."""
    query = {
        "factory_id": factory_id,
        "organisation_id": financier_id,
        "reference": {"$in": ["", f"referrals/{referral_id}"]},
        "starts_at": {"$lte": now},
        "ends_at": {"$gt": now},
        "ended": {"$ne": True},
    }
    row = consents.reads().find_one(query, sort=[("reference", -1), ("_id", 1)])
    return Grant(row["_id"], row["ends_at"]) if row else None


def on_consent_granted(fact: ConsentGranted | ConsentRenewed, _: Message) -> None:
    """A grant, or its new end; grants of other scopes, or for other purposes, do not matter here."""
    if not concerns_referrals(fact):
        return
    row = {
        "factory_id": fact.factory_id,
        "organisation_id": fact.organisation_id,
        "reference": fact.reference,
        "starts_at": fact.start_time.ToDatetime(),
        "ends_at": fact.expire_time.ToDatetime(),
    }
    consents.writes().update_one({"_id": fact.grant_id}, {"$set": row}, upsert=True)


def on_consent_ended(fact: ConsentExpired | ConsentWithdrawn, _: Message) -> None:
    """It holds no longer."""
    if concerns_referrals(fact):
        consents.writes().update_one({"_id": fact.grant_id}, {"$set": {"ended": True}}, upsert=True)


CONSUMER = Consumer(
    name="consents",
    streams=["programme-consents"],
    projections={
        ConsentGranted: on_consent_granted,
        ConsentRenewed: on_consent_granted,
        ConsentExpired: on_consent_ended,
        ConsentWithdrawn: on_consent_ended,
    },
    view=consents,
)
