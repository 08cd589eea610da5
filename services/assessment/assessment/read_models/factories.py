"""Which factories there are, where, and whether they take part: kept from programme's facts."""

from dataclasses import dataclass

from amplify.programme.v1 import factory_pb2
from amplify.programme.v1.programme_events_pb2 import (
    FactoryClosed,
    FactoryEnrolled,
    FactoryProfile,
    FactoryReinstated,
    FactorySuspended,
    FactoryUpdated,
)
from assessment.domain.errors import FactoryNotActive, UnknownFactory
from chassis.access import Filter
from chassis.consumer import Consumer, Message
from chassis.view import View

factories = View("factories")


@dataclass(frozen=True)
class Factory:
    """What planning a visit needs to know of a factory."""

    id: str
    country: str


def active(visible: Filter, factory_id: str) -> Factory:
    """A factory that takes part. Raises UnknownFactory (also for one the caller may not see) or FactoryNotActive."""
    row = factories.reads().find_one({"$and": [{"_id": factory_id}, visible.query]})
    if row is None:
        raise UnknownFactory("this factory is not known here; one enrolled just now will be within seconds", "factory")
    if row["status"] != "active":
        raise FactoryNotActive(f"the factory is {row['status']}", "factory")
    return Factory(factory_id, row["country"])


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
