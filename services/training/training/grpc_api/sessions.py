"""SessionService: schedules, completes, shows and counts."""

from typing import Any

import grpc

from amplify.training.v1 import scheduling_pb2, summary_pb2
from amplify.training.v1 import session_service_pb2 as pb
from amplify.training.v1.session_service_pb2_grpc import SessionServiceServicer
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.rpc import command, query
from training import queries, resources, summaries
from training.domain.session import Session, SessionCancelReason, SessionState
from training.domain.summary import FORMULAS, SummaryRow
from training.domain.work import WorkKind
from training.enums import to_domain
from training.grpc_api.parsing import id_of, parse_day, parse_days
from training.queries import Paging, SessionFilter
from training.service import accept
from training.storage import etag_of
from training.use_cases.cancel_session import CancelSession
from training.use_cases.complete_session import CompleteSession
from training.use_cases.reschedule_session import RescheduleSession
from training.use_cases.schedule_session import ScheduleSession
from training.use_cases.update_session import UpdateSession

Context = grpc.ServicerContext


def _shown(session: Session) -> Any:
    return resources.session(session, etag_of(session))


class SessionApi(SessionServiceServicer):
    """Each method parses its request, and hands over."""

    def ScheduleSession(
        self, request: scheduling_pb2.ScheduleSessionRequest, context: Context
    ) -> scheduling_pb2.ScheduleSessionResponse:
        """A new session."""

        def work(caller: Identity) -> scheduling_pb2.ScheduleSessionResponse:
            asked = ScheduleSession(
                request.session_id.lower(),
                id_of(request.course),
                request.country,
                id_of(request.factory),
                tuple(map(id_of, request.invited_factories)),
                request.place.strip(),
                parse_days(request.days, "days"),
                tuple(request.trainers),
                request.capacity,
            )
            return scheduling_pb2.ScheduleSessionResponse(session=_shown(accept(asked, caller)))

        return command(request, scheduling_pb2.ScheduleSessionResponse, work)

    def RescheduleSession(
        self, request: scheduling_pb2.RescheduleSessionRequest, context: Context
    ) -> scheduling_pb2.RescheduleSessionResponse:
        """Other days."""

        def work(caller: Identity) -> scheduling_pb2.RescheduleSessionResponse:
            asked = RescheduleSession(id_of(request.name), parse_days(request.days, "days"), request.etag)
            return scheduling_pb2.RescheduleSessionResponse(session=_shown(accept(asked, caller)))

        return command(request, scheduling_pb2.RescheduleSessionResponse, work)

    def UpdateSession(
        self, request: scheduling_pb2.UpdateSessionRequest, context: Context
    ) -> scheduling_pb2.UpdateSessionResponse:
        """What it is held with."""

        def work(caller: Identity) -> scheduling_pb2.UpdateSessionResponse:
            asked = UpdateSession(id_of(request.name), _changes(request), request.etag)
            return scheduling_pb2.UpdateSessionResponse(session=_shown(accept(asked, caller)))

        return command(request, scheduling_pb2.UpdateSessionResponse, work)

    def CancelSession(
        self, request: scheduling_pb2.CancelSessionRequest, context: Context
    ) -> scheduling_pb2.CancelSessionResponse:
        """Called off."""

        def work(caller: Identity) -> scheduling_pb2.CancelSessionResponse:
            reason = to_domain(SessionCancelReason, request.reason)
            asked = CancelSession(id_of(request.name), reason, request.etag)
            return scheduling_pb2.CancelSessionResponse(session=_shown(accept(asked, caller)))

        return command(request, scheduling_pb2.CancelSessionResponse, work)

    def CompleteSession(self, request: pb.CompleteSessionRequest, context: Context) -> pb.CompleteSessionResponse:
        """Who completed it."""

        def work(caller: Identity) -> pb.CompleteSessionResponse:
            asked = CompleteSession(id_of(request.name), request.etag)
            return pb.CompleteSessionResponse(session=_shown(accept(asked, caller)))

        return command(request, pb.CompleteSessionResponse, work)

    def GetSession(self, request: pb.GetSessionRequest, context: Context) -> pb.GetSessionResponse:
        """One session."""
        return query(
            lambda caller: pb.GetSessionResponse(
                session=resources.session_row(queries.get_session(caller, id_of(request.name)))
            )
        )

    def ListSessions(self, request: pb.ListSessionsRequest, context: Context) -> pb.ListSessionsResponse:
        """A page of sessions."""

        def work(caller: Identity) -> pb.ListSessionsResponse:
            asked = SessionFilter(
                request.country,
                id_of(request.factory),
                id_of(request.course),
                [to_domain(SessionState, state) for state in request.states if state],
                to_domain(WorkKind, request.work) if request.work else None,
                _day(request, "earliest_day"),
                _day(request, "latest_day"),
            )
            page, total = queries.list_sessions(caller, asked, Paging(request.page_size, request.page_token))
            return pb.ListSessionsResponse(
                sessions=map(resources.session_row, page.rows),
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def CountWork(self, request: pb.CountWorkRequest, context: Context) -> pb.CountWorkResponse:
        """What waits."""
        return query(
            lambda caller: pb.CountWorkResponse(
                counts=map(resources.work_count, queries.count_work(caller, request.country))
            )
        )

    def ListTrainingSummaries(
        self, request: summary_pb2.ListTrainingSummariesRequest, context: Context
    ) -> summary_pb2.ListTrainingSummariesResponse:
        """Indicators."""

        def work(caller: Identity) -> summary_pb2.ListTrainingSummariesResponse:
            asked = summaries.Wanted(
                to_domain(SummaryRow, request.row),
                request.country,
                id_of(request.factory),
                id_of(request.course),
                _day(request, "earliest_day"),
                _day(request, "latest_day"),
            )
            listed, token, total = queries.list_training_summaries(
                caller, asked, Paging(request.page_size, request.page_token)
            )
            return summary_pb2.ListTrainingSummariesResponse(
                summaries=map(resources.summary, listed),
                next_page_token=token,
                total_size=total,
                formulas=FORMULAS,
            )

        return query(work)


def _day(request: Any, field: str) -> Any:
    return parse_day(getattr(request, field), field) if request.HasField(field) else None


def _changes(request: scheduling_pb2.UpdateSessionRequest) -> dict[str, object]:
    """New values by field. Raises Invalid for a path that is none, and for a value that is needed and missing."""
    values: dict[str, object] = {
        "place": request.place.strip(),
        "trainers": tuple(request.trainers),
        "capacity": request.capacity,
        "invited_factories": tuple(map(id_of, request.invited_factories)),
    }
    if not request.update_mask.paths:
        raise Invalid.field("update_mask", "lists no field")
    for path in request.update_mask.paths:
        if path not in values:
            raise Invalid.field("update_mask", "lists what is no field of a session, or cannot be changed so")
        if path != "invited_factories" and not values[path]:
            raise Invalid.field(path, "cannot be taken away")
    return {path: values[path] for path in request.update_mask.paths}
