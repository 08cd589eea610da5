"""Which factories there are, where, and whether they take part: kept from programme's facts."""

from collections.abc import Iterable

from amplify.programme.v1 import factory_pb2
from amplify.programme.v1.programme_events_pb2 import (
    FactoryClosed,
    FactoryEnrolled,
    FactoryProfile,
    FactoryReinstated,
    FactorySuspended,
    FactoryUpdated,
)
from chassis.access import Filter
from chassis.consumer import Consumer, Message
from chassis.view import View
from training.domain.errors import FactoryNotActive, UnknownFactory

factories = View("factories")


def active(visible: Filter, factory_id: str, country: str, field: str) -> None:
    """Returns where a session may be scheduled for a factory; `field` is where the request names it.

    Raises UnknownFactory (also for one that the caller may not see, or of another country) or FactoryNotActive.
    """
    row = factories.reads().find_one({"$and": [{"_id": factory_id, "country": country}, visible.query]})
    if row is None:
        text = "this factory is not known in the country; one enrolled just now will be within seconds"
        raise UnknownFactory(text, field)
    if row["status"] != "active":
        raise FactoryNotActive(f"the factory is {row['status']}", field)


def unknown(factory_ids: Iterable[str], country: str) -> set[str]:
    """Which of these are no factories of the country."""
    asked = set(factory_ids)
    rows = factories.reads().find({"_id": {"$in": sorted(asked)}, "country": country}, {"_id": 1})
    return asked - {row["_id"] for row in rows}


def on_factory_enrolled(fact: FactoryEnrolled, _: Message) -> None:
    """A new factory."""
    _set(fact.factory_id, country=fact.country, status=_status(fact.profile))


def on_factory_updated(fact: FactoryUpdated, _: Message) -> None:
    """Details changed; the profile is whole."""
    _set(fact.factory_id, country=fact.country, status=_status(fact.profile))


def on_factory_suspended(fact: FactorySuspended, _: Message) -> None:
    """It takes no part for a while."""
    _set(fact.factory_id, country=fact.country, status="suspended")


def on_factory_reinstated(fact: FactoryReinstated, _: Message) -> None:
    """It takes part again."""
    _set(fact.factory_id, country=fact.country, status="active")


def on_factory_closed(fact: FactoryClosed, _: Message) -> None:
    """It left for good."""
    _set(fact.factory_id, country=fact.country, status="closed")


CONSUMER = Consumer(
    name="factories",
    streams=["programme-factories"],
    projections={
        FactoryEnrolled: on_factory_enrolled,
        FactoryUpdated: on_factory_updated,
        FactorySuspended: on_factory_suspended,
        FactoryReinstated: on_factory_reinstated,
        FactoryClosed: on_factory_closed,
    },
    view=factories,
)

_STATUS = {
    factory_pb2.FACTORY_STATUS_ACTIVE: "active",
    factory_pb2.FACTORY_STATUS_SUSPENDED: "suspended",
    factory_pb2.FACTORY_STATUS_CLOSED: "closed",
}


def _status(profile: FactoryProfile) -> str:
    return _STATUS.get(profile.status, "unknown")


def _set(factory_id: str, **values: str) -> None:
    factories.writes().update_one({"_id": factory_id}, {"$set": values}, upsert=True)
