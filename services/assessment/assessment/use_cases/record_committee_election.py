"""Workers elected their representatives in a factory's committee."""

from dataclasses import dataclass

from assessment.domain.committee import Committee
from assessment.domain.committee_terms import Election
from assessment.remediation.storage import committees
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class RecordCommitteeElection:
    """The election; its id is chosen by the client."""

    factory_id: str
    election: Election
    etag: str = ""


def record_committee_election(command: RecordCommitteeElection, caller: Identity) -> Committee:
    """Raises NotFound, Aborted, InvalidCommittee or EntryIdReused."""
    committee = committees.get(filter(caller, "committee"), command.factory_id, etag=command.etag)
    committee.record_election(command.election, caller.subject, clock.now())
    committees.save(committee)
    return committee
