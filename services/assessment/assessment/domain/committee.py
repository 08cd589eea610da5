"""The committee of a factory in which management and workers improve together; members are counted, never named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from assessment.domain import remediation_facts as facts
from assessment.domain.committee_terms import CommitteeWarning, Counts, Election, Meeting
from assessment.domain.errors import EntryIdReused, InvalidCommittee
from assessment.domain.fact import FactoryFact
from assessment.domain.release_clock import local_day

MOST_ENTRIES = 500
"""Elections, and meetings, of one committee: more than forty years of monthly meetings."""

Entry = TypeVar("Entry", Election, Meeting)


@dataclass
class Committee:
    """The root; its id is the factory's. Days are calendar days of the country."""

    id: str
    country: str
    time_zone: str
    formed_day: date
    members: Counts
    formed_at: datetime
    elections: list[Election] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    recorded: list[object] = field(default_factory=list)

    @property
    def warnings(self) -> list[CommitteeWarning]:
        """What is doubtful about it, in the order of the enumeration; the latest election counts."""
        latest = max(self.elections, key=lambda one: (one.day, one.id), default=None)
        doubts = {
            CommitteeWarning.WORKER_SIDE_SMALLER: self.members.workers < self.members.management,
            CommitteeWarning.NOT_FREELY_ELECTED: latest is None or not latest.freely_elected,
            CommitteeWarning.NO_WOMEN: self.members.women == 0,
        }
        return [doubt for doubt, holds in doubts.items() if holds]

    def record_election(self, election: Election, actor: str, now: datetime) -> None:
        """Workers elected representatives. Raises InvalidCommittee or EntryIdReused; the same again changes nothing."""
        if self._known(self.elections, election, "election_id"):
            return
        self._not_in_the_future(election.day, "election_day", now)
        if election.votes > election.eligible_voters:
            raise InvalidCommittee("more votes were given than there are voters", "votes")
        if election.elected_women + election.elected_men == 0:
            raise InvalidCommittee("an election elects somebody", "elected_women")
        self.elections.append(election)
        self._record(facts.CommitteeElectionHeld, actor, now, election=election)

    def change_members(self, members: Counts, actor: str, now: datetime) -> None:
        """The members are these from now on. Raises InvalidCommittee."""
        check_members(members)
        if members != self.members:
            self.members = members
            self._record(facts.CommitteeMembersChanged, actor, now, members=members)

    def log_meeting(self, meeting: Meeting, actor: str, now: datetime) -> None:
        """The committee met. Raises InvalidCommittee or EntryIdReused; the same again changes nothing."""
        if self._known(self.meetings, meeting, "meeting_id"):
            return
        self._not_in_the_future(meeting.day, "meeting_day", now)
        if meeting.day < self.formed_day:
            raise InvalidCommittee(f"the committee was formed on {self.formed_day}", "meeting_day")
        if meeting.attendance.management + meeting.attendance.workers == 0:
            raise InvalidCommittee("somebody took part in a meeting", "attendance")
        for index, topic in enumerate(meeting.topics):
            if topic in meeting.topics[:index]:
                raise InvalidCommittee("is named already", f"topics[{index}]")
        self.meetings.append(meeting)
        self._record(facts.CommitteeMeetingLogged, actor, now, meeting=meeting)

    def _known(self, entries: Sequence[Entry], entry: Entry, field: str) -> bool:
        for one in entries:
            if one.id == entry.id:
                if one != entry:
                    raise EntryIdReused("this id was used for another one", field)
                return True
        if len(entries) >= MOST_ENTRIES:
            raise InvalidCommittee(f"a committee keeps at most {MOST_ENTRIES} of them", field)
        return False

    def _not_in_the_future(self, day: date, field: str, now: datetime) -> None:
        check_past(day, field, local_day(now, self.time_zone))

    def _record(self, kind: Callable[..., FactoryFact], actor: str, now: datetime, **details: object) -> None:
        self.recorded.append(kind(self.id, self.country, actor, now, **details))


def form_committee(
    factory_id: str, country: str, time_zone: str, formed_day: date, members: Counts, actor: str, now: datetime
) -> Committee:
    """A new committee. Raises InvalidCommittee for a day in the future or a side without members."""
    check_past(formed_day, "formed_day", local_day(now, time_zone))
    check_members(members)
    committee = Committee(factory_id, country, time_zone, formed_day, members, now)
    committee._record(facts.CommitteeFormed, actor, now, formed_day=formed_day, members=members)
    return committee


def check_members(members: Counts) -> None:
    """Raises InvalidCommittee unless both sides have a member."""
    if not members.management or not members.workers:
        raise InvalidCommittee("both management and workers have a member at least", "members")


def check_past(day: date, field: str, today: date) -> None:
    """Raises InvalidCommittee for a day in the future."""
    if day > today:
        raise InvalidCommittee(f"lies in the future; today is {today}", field)
