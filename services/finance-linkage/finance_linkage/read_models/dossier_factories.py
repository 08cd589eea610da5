"""Of the factory itself: its country, whether it takes part, and since when it is enrolled."""

from collections.abc import Mapping
from typing import Any

from amplify.programme.v1 import factory_pb2
from amplify.programme.v1.programme_events_pb2 import (
    FactoryClosed,
    FactoryEnrolled,
    FactoryReinstated,
    FactorySuspended,
)
from chassis.consumer import Message
from finance_linkage.read_models.dossier_writing import note, origin

_STATUS = {
    factory_pb2.FACTORY_STATUS_ACTIVE: "active",
    factory_pb2.FACTORY_STATUS_SUSPENDED: "suspended",
    factory_pb2.FACTORY_STATUS_CLOSED: "closed",
}


def on_factory_enrolled(fact: FactoryEnrolled, message: Message) -> None:
    """A new factory."""
    status = _STATUS.get(fact.profile.status, "unknown")
    values = {"country": fact.country, "enrolled_at": message.time, "factory": origin(message) | {"status": status}}
    note(fact.factory_id, values)


def on_factory_suspended(fact: FactorySuspended, message: Message) -> None:
    """It takes no part for a while."""
    _change(fact, message, "suspended")


def on_factory_reinstated(fact: FactoryReinstated, message: Message) -> None:
    """It takes part again."""
    _change(fact, message, "active")


def on_factory_closed(fact: FactoryClosed, message: Message) -> None:
    """It left for good."""
    _change(fact, message, "closed")


PROJECTIONS: Mapping[Any, Any] = {
    FactoryEnrolled: on_factory_enrolled,
    FactorySuspended: on_factory_suspended,
    FactoryReinstated: on_factory_reinstated,
    FactoryClosed: on_factory_closed,
}


def _change(fact: Any, message: Message, status: str) -> None:
    note(fact.factory_id, {"country": fact.country, "factory": origin(message) | {"status": status}})
