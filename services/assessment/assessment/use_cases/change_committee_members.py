"""The members of a factory's committee are others than before."""

from dataclasses import dataclass

from assessment.domain.committee import Committee
from assessment.domain.committee_terms import Counts
from assessment.remediation.storage import committees
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class ChangeCommitteeMembers:
    """The members from now on."""

    factory_id: str
    members: Counts
    etag: str = ""


def change_committee_members(command: ChangeCommitteeMembers, caller: Identity) -> Committee:
    """Raises NotFound, Aborted or InvalidCommittee."""
    committee = committees.get(filter(caller, "committee"), command.factory_id, etag=command.etag)
    committee.change_members(command.members, caller.subject, clock.now())
    committees.save(committee)
    return committee
