"""From an aggregate that recorded a fact to the message that is published for it."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message as Proto

from chassis.facts import Public, Routes

Emitted = dict[tuple[str, str], Callable[[], Proto]]
"""By the event's full name and the golden example's case: how the producer makes it."""


def emitted(package: str, routes: Routes, makers: Mapping[str, Callable[[], Any]]) -> Emitted:
    """Makers are named `Event/case` and return an aggregate whose last recorded fact is meant."""
    found: Emitted = {}
    for name, make in makers.items():
        event, case = name.split("/")
        found[f"{package}.{event}", case] = lambda make=make: _published(routes, make())
    return found


def _published(routes: Routes, aggregate: Any) -> Proto:
    fact = aggregate.recorded[-1]
    route = routes.of(fact, aggregate)
    assert isinstance(route, Public), f"{type(fact).__name__} is private"
    return route.translate(fact, aggregate)
