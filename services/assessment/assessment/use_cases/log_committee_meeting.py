"""A factory's committee met."""

from dataclasses import dataclass

from assessment.domain.committee import Committee
from assessment.domain.committee_terms import Meeting
from assessment.remediation.places import check_topics
from assessment.remediation.storage import committees
from chassis import clock
from chassis.access import filter
from chassis.identity import Identity


@dataclass(frozen=True)
class LogCommitteeMeeting:
    """The meeting; its id is chosen by the client."""

    factory_id: str
    meeting: Meeting
    etag: str = ""


def log_committee_meeting(command: LogCommitteeMeeting, caller: Identity) -> Committee:
    """Raises NotFound, Aborted, InvalidCommittee, EntryIdReused or UnknownPoint."""
    committee = committees.get(filter(caller, "committee"), command.factory_id, etag=command.etag)
    committee.log_meeting(command.meeting, caller.subject, clock.now())
    check_topics(command.meeting.topics, "topics[]")
    committees.save(committee)
    return committee
