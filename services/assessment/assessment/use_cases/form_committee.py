"""A factory has formed its committee of management and workers."""

from dataclasses import dataclass
from datetime import date

from assessment.domain.committee import Committee
from assessment.domain.committee import form_committee as form
from assessment.domain.committee_terms import Counts
from assessment.remediation.places import place_of
from assessment.remediation.storage import committees
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class FormCommittee:
    """When it was formed, and of whom."""

    factory_id: str
    formed_day: date
    members: Counts


def form_committee(command: FormCommittee, caller: Identity) -> Committee:
    """Raises UnknownFactory, FactoryNotActive, InvalidCommittee, or AlreadyExists where there is one."""
    place = place_of(filter(caller, "taking_part"), command.factory_id)
    committee = form(
        place.factory_id,
        place.country,
        place.time_zone,
        command.formed_day,
        command.members,
        caller.subject,
        clock.now(),
    )
    committees.add(committee)
    return committee
