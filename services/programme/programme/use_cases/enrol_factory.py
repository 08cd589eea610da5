"""Enrol a factory in its country programme."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.identity import Identity
from programme.domain.factory import Factory
from programme.domain.factory_details import FactoryDetails
from programme.storage import factories


@dataclass(frozen=True)
class EnrolFactory:
    """`factory_id` is assigned by the caller: country and number there, as `bd-1001`."""

    factory_id: str
    country: str
    details: FactoryDetails


def enrol_factory(command: EnrolFactory, caller: Identity) -> None:
    """Raises Denied for another country, InvalidFields, and AlreadyExists when the id is taken."""
    access.may(caller, "EnrolFactory", {"country": command.country})
    factories.add(Factory.enrol(command.factory_id, command.country, command.details, clock.now()))
