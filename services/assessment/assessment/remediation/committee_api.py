"""CommitteeService served: parse, hand to the service's tables, present."""

import grpc

from amplify.assessment.v1 import committee_pb2
from amplify.assessment.v1 import committee_service_pb2 as service_pb2
from amplify.assessment.v1 import committee_service_pb2_grpc as service_grpc
from assessment.domain.committee import Committee
from assessment.domain.committee_terms import Election, Meeting
from assessment.parsing import id_of, parse_day
from assessment.remediation import queries
from assessment.remediation.parsing import parse_counts, parse_topics, parse_wanted
from assessment.remediation.presenting import present_committee
from assessment.remediation.storage import committees, etag_of
from assessment.service import accept
from assessment.use_cases.change_committee_members import ChangeCommitteeMembers
from assessment.use_cases.form_committee import FormCommittee
from assessment.use_cases.log_committee_meeting import LogCommitteeMeeting
from assessment.use_cases.record_committee_election import RecordCommitteeElection
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, query

Context = grpc.ServicerContext


class CommitteeApi(service_grpc.CommitteeServiceServicer):
    """Committees of management and workers."""

    def FormCommittee(
        self, request: service_pb2.FormCommitteeRequest, context: Context
    ) -> service_pb2.FormCommitteeResponse:
        """Record a new committee."""

        def do(caller: Identity) -> service_pb2.FormCommitteeResponse:
            formed_day = parse_day(request.formed_day, "formed_day")
            formed = FormCommittee(id_of(request.factory), formed_day, parse_counts(request.members))
            return service_pb2.FormCommitteeResponse(committee=_changed(accept(formed, caller)))

        return command(request, service_pb2.FormCommitteeResponse, do)

    def RecordCommitteeElection(
        self, request: service_pb2.RecordCommitteeElectionRequest, context: Context
    ) -> service_pb2.RecordCommitteeElectionResponse:
        """Record an election of worker representatives."""

        def do(caller: Identity) -> service_pb2.RecordCommitteeElectionResponse:
            election = Election(
                request.election_id,
                parse_day(request.election_day, "election_day"),
                request.freely_elected,
                request.eligible_voters,
                request.votes,
                request.elected_women,
                request.elected_men,
            )
            held = RecordCommitteeElection(id_of(request.name), election, request.etag)
            return service_pb2.RecordCommitteeElectionResponse(committee=_changed(accept(held, caller)))

        return command(request, service_pb2.RecordCommitteeElectionResponse, do)

    def ChangeCommitteeMembers(
        self, request: service_pb2.ChangeCommitteeMembersRequest, context: Context
    ) -> service_pb2.ChangeCommitteeMembersResponse:
        """Record who the members are from now on."""

        def do(caller: Identity) -> service_pb2.ChangeCommitteeMembersResponse:
            changed = ChangeCommitteeMembers(id_of(request.name), parse_counts(request.members), request.etag)
            return service_pb2.ChangeCommitteeMembersResponse(committee=_changed(accept(changed, caller)))

        return command(request, service_pb2.ChangeCommitteeMembersResponse, do)

    def LogCommitteeMeeting(
        self, request: service_pb2.LogCommitteeMeetingRequest, context: Context
    ) -> service_pb2.LogCommitteeMeetingResponse:
        """Log a meeting."""

        def do(caller: Identity) -> service_pb2.LogCommitteeMeetingResponse:
            meeting = Meeting(
                request.meeting_id,
                parse_day(request.meeting_day, "meeting_day"),
                parse_counts(request.attendance),
                parse_topics(request.topics),
                request.note,
            )
            met = LogCommitteeMeeting(id_of(request.name), meeting, request.etag)
            return service_pb2.LogCommitteeMeetingResponse(committee=_changed(accept(met, caller)))

        return command(request, service_pb2.LogCommitteeMeetingResponse, do)

    def GetCommittee(
        self, request: service_pb2.GetCommitteeRequest, context: Context
    ) -> service_pb2.GetCommitteeResponse:
        """Show one committee."""
        return query(
            lambda caller: service_pb2.GetCommitteeResponse(
                committee=_stored(queries.get_committee(caller, id_of(request.name)), whole=True)
            )
        )

    def ListCommittees(
        self, request: service_pb2.ListCommitteesRequest, context: Context
    ) -> service_pb2.ListCommitteesResponse:
        """List committees, by factory."""

        def answer(caller: Identity) -> service_pb2.ListCommitteesResponse:
            listed = queries.list_committees(caller, parse_wanted(request))
            return service_pb2.ListCommitteesResponse(
                committees=[_stored(row, whole=False) for row in listed.page.rows],
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(answer)


def _changed(committee: Committee) -> committee_pb2.Committee:
    return present_committee(committee, etag_of(committees, committee.id), whole=True)


def _stored(row: Row, *, whole: bool) -> committee_pb2.Committee:
    return present_committee(committees.revive(row), committees.etag(row), whole=whole)
