"""A partner says that it has deleted whatever came under a grant that is over."""

from dataclasses import dataclass

from assessment.domain.retraction import Retraction
from assessment.partners.reading import organisation_of
from assessment.partners.storage import retractions
from assessment.read_models import partner_feed
from chassis import access, clock
from chassis.errors import NotFound
from chassis.identity import Identity


@dataclass(frozen=True)
class AcknowledgeRetraction:
    """Which grant."""

    grant_id: str


def acknowledge_retraction(command: AcknowledgeRetraction, caller: Identity) -> Retraction:
    """Raises NotFound for a grant that is not over, or was never the caller's. A second time changes nothing."""
    organisation = organisation_of(caller)
    owed = partner_feed.retraction_of(organisation, command.grant_id)
    if owed is None:
        raise NotFound("There is no such retraction.")
    try:
        return retractions.get(access.filter(caller, "Retraction"), command.grant_id)
    except NotFound:
        made = Retraction.acknowledge(
            command.grant_id, organisation, owed["factory_id"], by=caller.subject, now=clock.now()
        )
        retractions.add(made)
        return made
