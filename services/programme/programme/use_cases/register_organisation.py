"""Make a partner organisation known."""

from dataclasses import dataclass

from chassis import clock
from chassis.identity import Identity
from programme.domain.organisation import Organisation, OrganisationKind
from programme.storage import organisations


@dataclass(frozen=True)
class RegisterOrganisation:
    """`organisation_id` is a slug that the caller assigns; people of the organisation carry it in their tokens."""

    organisation_id: str
    display_name: str
    kind: OrganisationKind


def register_organisation(command: RegisterOrganisation, caller: Identity) -> None:
    """Raises InvalidFields, and AlreadyExists when the id is taken."""
    organisation = Organisation.register(command.organisation_id, command.display_name, command.kind, clock.now())
    organisations.add(organisation)
