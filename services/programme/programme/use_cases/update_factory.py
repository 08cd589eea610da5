"""Change details of a factory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis import access, clock
from chassis.identity import Identity
from programme.access import visible
from programme.storage import factories


@dataclass(frozen=True)
class UpdateFactory:
    """`values` are details by name; those that are equal already record nothing."""

    factory_id: str
    values: Mapping[str, Any]
    etag: str = ""


def update_factory(command: UpdateFactory, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, and InvalidFields."""
    factory = factories.get(visible(caller, "factory"), command.factory_id, etag=command.etag)
    access.may(caller, "UpdateFactory", {"country": factory.country})
    factory.update(command.values, clock.now())
    factories.save(factory)
