"""Facts about committees as the contract's messages."""

from typing import Any

from amplify.assessment.v1 import committee_events_pb2 as committee_events
from amplify.assessment.v1 import committee_pb2
from assessment.dates import contract_date, contract_time
from assessment.domain import remediation_facts as facts
from assessment.domain.committee_terms import Counts
from assessment.domain.fact import FactoryFact
from assessment.remediation.contracts.routing import to
from assessment.remediation.contracts.visits import contract_topics


def contract_counts(counts: Counts) -> committee_pb2.CommitteeCounts:
    """People by side and sex."""
    return committee_pb2.CommitteeCounts(
        management_women=counts.management_women,
        management_men=counts.management_men,
        worker_women=counts.worker_women,
        worker_men=counts.worker_men,
    )


def _committee(fact: FactoryFact) -> dict[str, Any]:
    return {"factory_id": fact.factory_id, "country": fact.country, "record_time": contract_time(fact.at)}


def _formed(fact: facts.CommitteeFormed, _: object) -> committee_events.CommitteeFormed:
    return committee_events.CommitteeFormed(
        **_committee(fact), formed_day=contract_date(fact.formed_day), members=contract_counts(fact.members)
    )


def _election_held(fact: facts.CommitteeElectionHeld, _: object) -> committee_events.CommitteeElectionHeld:
    held = fact.election
    return committee_events.CommitteeElectionHeld(
        **_committee(fact),
        election_id=held.id,
        election_day=contract_date(held.day),
        freely_elected=held.freely_elected,
        eligible_voters=held.eligible_voters,
        votes=held.votes,
        elected_women=held.elected_women,
        elected_men=held.elected_men,
    )


def _members_changed(fact: facts.CommitteeMembersChanged, _: object) -> committee_events.CommitteeMembersChanged:
    return committee_events.CommitteeMembersChanged(**_committee(fact), members=contract_counts(fact.members))


def _meeting_logged(fact: facts.CommitteeMeetingLogged, _: object) -> committee_events.CommitteeMeetingLogged:
    met = fact.meeting
    return committee_events.CommitteeMeetingLogged(
        **_committee(fact),
        meeting_id=met.id,
        meeting_day=contract_date(met.day),
        attendance=contract_counts(met.attendance),
        topics=contract_topics(met.topics),
    )


TABLE = to(
    "assessment-committees",
    {
        facts.CommitteeFormed: _formed,
        facts.CommitteeElectionHeld: _election_held,
        facts.CommitteeMembersChanged: _members_changed,
        facts.CommitteeMeetingLogged: _meeting_logged,
    },
)
