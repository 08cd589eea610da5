"""AdvisoryVisitService served: parse, hand to the service's tables, present."""

import grpc

from amplify.assessment.v1 import advisory_visit_pb2
from amplify.assessment.v1 import advisory_visit_service_pb2 as service_pb2
from amplify.assessment.v1 import advisory_visit_service_pb2_grpc as service_grpc
from assessment.access import is_staff
from assessment.domain.advisory_visit import AdvisoryVisit, VisitLog
from assessment.domain.visit_terms import VisitCancelReason, VisitMode, VisitState
from assessment.enums import to_domain
from assessment.parsing import id_of, parse_day
from assessment.remediation import queries
from assessment.remediation.parsing import line_of, parse_people, parse_topics, parse_wanted
from assessment.remediation.presenting import present_visit
from assessment.remediation.storage import advisory_visits, etag_of
from assessment.service import accept
from assessment.use_cases.cancel_advisory_visit import CancelAdvisoryVisit
from assessment.use_cases.log_advisory_visit import LogAdvisoryVisit
from assessment.use_cases.plan_advisory_visit import PlanAdvisoryVisit
from assessment.use_cases.reschedule_advisory_visit import RescheduleAdvisoryVisit
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, query

Context = grpc.ServicerContext


class AdvisoryVisitApi(service_grpc.AdvisoryVisitServiceServicer):
    """Visits by which advisors help."""

    def PlanAdvisoryVisit(
        self, request: service_pb2.PlanAdvisoryVisitRequest, context: Context
    ) -> service_pb2.PlanAdvisoryVisitResponse:
        """Plan a visit of the caller."""

        def do(caller: Identity) -> service_pb2.PlanAdvisoryVisitResponse:
            planned = PlanAdvisoryVisit(
                request.advisory_visit_id,
                id_of(request.factory),
                parse_day(request.planned_day, "planned_day"),
                to_domain(VisitMode, request.mode),
                parse_topics(request.topics),
            )
            return service_pb2.PlanAdvisoryVisitResponse(advisory_visit=_changed(accept(planned, caller)))

        return command(request, service_pb2.PlanAdvisoryVisitResponse, do)

    def RescheduleAdvisoryVisit(
        self, request: service_pb2.RescheduleAdvisoryVisitRequest, context: Context
    ) -> service_pb2.RescheduleAdvisoryVisitResponse:
        """Move a planned visit."""

        def do(caller: Identity) -> service_pb2.RescheduleAdvisoryVisitResponse:
            day, mode = parse_day(request.planned_day, "planned_day"), to_domain(VisitMode, request.mode)
            moved = RescheduleAdvisoryVisit(id_of(request.name), day, mode, request.etag)
            return service_pb2.RescheduleAdvisoryVisitResponse(advisory_visit=_changed(accept(moved, caller)))

        return command(request, service_pb2.RescheduleAdvisoryVisitResponse, do)

    def LogAdvisoryVisit(
        self, request: service_pb2.LogAdvisoryVisitRequest, context: Context
    ) -> service_pb2.LogAdvisoryVisitResponse:
        """Log what happened on a planned visit."""

        def do(caller: Identity) -> service_pb2.LogAdvisoryVisitResponse:
            touched = [line_of(name) for name in request.lines]
            log = VisitLog(
                parse_day(request.visit_day, "visit_day"),
                to_domain(VisitMode, request.mode),
                parse_topics(request.topics),
                tuple(line_id for _, line_id in touched),
                parse_people(request.people_met),
                request.note,
            )
            factory_ids = tuple(factory_id for factory_id, _ in touched)
            logged = LogAdvisoryVisit(id_of(request.name), log, factory_ids, request.etag)
            return service_pb2.LogAdvisoryVisitResponse(advisory_visit=_changed(accept(logged, caller)))

        return command(request, service_pb2.LogAdvisoryVisitResponse, do)

    def CancelAdvisoryVisit(
        self, request: service_pb2.CancelAdvisoryVisitRequest, context: Context
    ) -> service_pb2.CancelAdvisoryVisitResponse:
        """Call a planned visit off."""

        def do(caller: Identity) -> service_pb2.CancelAdvisoryVisitResponse:
            reason = to_domain(VisitCancelReason, request.reason)
            cancelled = CancelAdvisoryVisit(id_of(request.name), reason, request.etag)
            return service_pb2.CancelAdvisoryVisitResponse(advisory_visit=_changed(accept(cancelled, caller)))

        return command(request, service_pb2.CancelAdvisoryVisitResponse, do)

    def GetAdvisoryVisit(
        self, request: service_pb2.GetAdvisoryVisitRequest, context: Context
    ) -> service_pb2.GetAdvisoryVisitResponse:
        """Show one visit."""
        return query(
            lambda caller: service_pb2.GetAdvisoryVisitResponse(
                advisory_visit=_stored(queries.get_visit(caller, id_of(request.name)), caller)
            )
        )

    def ListAdvisoryVisits(
        self, request: service_pb2.ListAdvisoryVisitsRequest, context: Context
    ) -> service_pb2.ListAdvisoryVisitsResponse:
        """List visits, the latest planned day first."""

        def answer(caller: Identity) -> service_pb2.ListAdvisoryVisitsResponse:
            state = to_domain(VisitState, request.state) if request.state else None
            listed = queries.list_visits(caller, parse_wanted(request), state=state)
            return service_pb2.ListAdvisoryVisitsResponse(
                advisory_visits=[_stored(row, caller) for row in listed.page.rows],
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(answer)


def _changed(visit: AdvisoryVisit) -> advisory_visit_pb2.AdvisoryVisit:
    """As the staff sees it, who alone change visits."""
    return present_visit(visit, etag_of(advisory_visits, visit.id), with_note=True)


def _stored(row: Row, caller: Identity) -> advisory_visit_pb2.AdvisoryVisit:
    visit = advisory_visits.revive(row)
    return present_visit(visit, advisory_visits.etag(row), with_note=is_staff(caller))
