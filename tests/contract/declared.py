"""What the services say of themselves in their first files, beside what the registry says of them."""

import importlib
from collections.abc import Iterator
from types import ModuleType

from descriptions import Stream, streams

from chassis.consumer import Consumer
from chassis.facts import Depends, Public, Routes

SERVICES = ("programme", "assessment", "training", "finance_linkage", "notifications")
"""The services that record facts, by import name; the console records none."""


def first_file(service: str) -> ModuleType:
    """A service's `service.py`."""
    return importlib.import_module(f"{service}.service")


def consumers(service: str) -> tuple[Consumer, ...]:
    """The consumers that a service declares in REACTS."""
    found: tuple[Consumer, ...] = first_file(service).REACTS
    return found


def routes(service: str) -> Routes:
    """Where a service's recorded facts go."""
    found: Routes = importlib.import_module(f"{service}.contracts").ROUTES
    return found


def subscriptions() -> set[tuple[str, str]]:
    """(stream, service/consumer) as the code has them."""
    return {
        (stream, f"{_name(service)}/{consumer.name}")
        for service in SERVICES
        for consumer in consumers(service)
        for stream in consumer.streams
    }


def public_routes(service: str) -> Iterator[Public]:
    """The routes of a service that lead to a stream; a route that depends on state counts with each of its ways."""
    for route in routes(service).table.values():
        ways = route.possible if isinstance(route, Depends) else (route,)
        yield from (way for way in ways if isinstance(way, Public))


def owned(service: str) -> list[Stream]:
    """The streams that the registry gives to a service."""
    return [stream for stream in streams().values() if stream.owner == _name(service)]


def _name(service: str) -> str:
    """How the registry writes a service that is imported by this name."""
    return service.replace("_", "-")
