"""ParticipantService: enrols people, and records what is known of them."""

from typing import Any

import grpc

from amplify.training.v1 import enrolment_pb2, recording_pb2
from amplify.training.v1 import participant_service_pb2 as pb
from amplify.training.v1.participant_service_pb2_grpc import ParticipantServiceServicer
from chassis.identity import Identity
from chassis.rpc import command, query
from training import certificates, people_resources, queries, resources
from training.domain.participant import ParticipantState, WithdrawReason
from training.domain.session import Session
from training.enums import to_domain
from training.grpc_api.parsing import (
    id_of,
    parse_attendance,
    parse_candidates,
    parse_outcomes,
    parse_scores,
    refusals,
)
from training.participants import waiting_positions
from training.queries import Paging
from training.service import accept
from training.storage import etag_of, sessions
from training.use_cases.enrol_participants import EnrolParticipants
from training.use_cases.record_attendance import RecordAttendance
from training.use_cases.record_outcomes import RecordOutcomes
from training.use_cases.record_test_scores import RecordTestScores
from training.use_cases.withdraw_participant import WithdrawParticipant

Context = grpc.ServicerContext


def _shown(session: Session) -> Any:
    return resources.session(session, etag_of(session))


class ParticipantApi(ParticipantServiceServicer):
    """Each method parses its request, and hands over."""

    def EnrolParticipants(
        self, request: enrolment_pb2.EnrolParticipantsRequest, context: Context
    ) -> enrolment_pb2.EnrolParticipantsResponse:
        """Enrol people, all or none."""

        def work(caller: Identity) -> enrolment_pb2.EnrolParticipantsResponse:
            asked = EnrolParticipants(
                id_of(request.parent), parse_candidates(request.participants), request.waiting_list
            )
            with refusals():
                session, done = accept(asked, caller)
            return enrolment_pb2.EnrolParticipantsResponse(
                session=_shown(session),
                enrolled_count=done.placed,
                waiting_participant_ids=done.waiting,
                unchanged_count=done.unchanged,
            )

        return command(request, enrolment_pb2.EnrolParticipantsResponse, work)

    def WithdrawParticipant(
        self, request: enrolment_pb2.WithdrawParticipantRequest, context: Context
    ) -> enrolment_pb2.WithdrawParticipantResponse:
        """Take somebody out."""

        def work(caller: Identity) -> enrolment_pb2.WithdrawParticipantResponse:
            session_id, participant_id = id_of(request.name), id_of(request.name, 3)
            reason = to_domain(WithdrawReason, request.reason)
            session, promoted = accept(WithdrawParticipant(session_id, participant_id, reason, request.etag), caller)
            row = queries.get_participant(caller, session_id, participant_id)
            return enrolment_pb2.WithdrawParticipantResponse(
                participant=people_resources.participant(row, session, {}, ()),
                session=_shown(session),
                promoted_participant_ids=promoted,
            )

        return command(request, enrolment_pb2.WithdrawParticipantResponse, work)

    def RecordAttendance(
        self, request: recording_pb2.RecordAttendanceRequest, context: Context
    ) -> recording_pb2.RecordAttendanceResponse:
        """Record attendance, all or none."""

        def work(caller: Identity) -> recording_pb2.RecordAttendanceResponse:
            operations = request.operations
            with refusals():
                session, changed = accept(
                    RecordAttendance(
                        id_of(request.parent), lambda now: parse_attendance(operations, caller.subject, now)
                    ),
                    caller,
                )
            return recording_pb2.RecordAttendanceResponse(changed_count=changed, session=_shown(session))

        return command(request, recording_pb2.RecordAttendanceResponse, work)

    def RecordTestScores(
        self, request: recording_pb2.RecordTestScoresRequest, context: Context
    ) -> recording_pb2.RecordTestScoresResponse:
        """Record scores, all or none."""

        def work(caller: Identity) -> recording_pb2.RecordTestScoresResponse:
            operations = request.operations
            with refusals():
                changed = accept(
                    RecordTestScores(id_of(request.parent), lambda now: parse_scores(operations, caller.subject, now)),
                    caller,
                )
            return recording_pb2.RecordTestScoresResponse(changed_count=changed)

        return command(request, recording_pb2.RecordTestScoresResponse, work)

    def RecordOutcomes(
        self, request: recording_pb2.RecordOutcomesRequest, context: Context
    ) -> recording_pb2.RecordOutcomesResponse:
        """Record outcomes, all or none."""

        def work(caller: Identity) -> recording_pb2.RecordOutcomesResponse:
            operations = request.operations
            with refusals():
                session, changed = accept(
                    RecordOutcomes(id_of(request.parent), lambda now: parse_outcomes(operations, caller.subject, now)),
                    caller,
                )
            return recording_pb2.RecordOutcomesResponse(changed_count=changed, session=_shown(session))

        return command(request, recording_pb2.RecordOutcomesResponse, work)

    def GetParticipant(self, request: pb.GetParticipantRequest, context: Context) -> pb.GetParticipantResponse:
        """One participant."""

        def work(caller: Identity) -> pb.GetParticipantResponse:
            session_id = id_of(request.name)
            session = sessions.revive(queries.get_session(caller, session_id))
            row = queries.get_participant(caller, session_id, id_of(request.name, 3))
            withheld = certificates.withheld_in(session_id)
            shown = people_resources.participant(row, session, waiting_positions(session_id), withheld)
            return pb.GetParticipantResponse(participant=shown)

        return query(work)

    def ListParticipants(self, request: pb.ListParticipantsRequest, context: Context) -> pb.ListParticipantsResponse:
        """A page of participants."""

        def work(caller: Identity) -> pb.ListParticipantsResponse:
            session_id = id_of(request.parent)
            session = sessions.revive(queries.get_session(caller, session_id))
            states = [to_domain(ParticipantState, state) for state in request.states if state]
            page, total = queries.list_participants(
                caller, session_id, states, id_of(request.factory), Paging(request.page_size, request.page_token)
            )
            waiting, withheld = waiting_positions(session_id), certificates.withheld_in(session_id)
            return pb.ListParticipantsResponse(
                participants=[people_resources.participant(row, session, waiting, withheld) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
