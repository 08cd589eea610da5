"""HoldService: keeps the holds of factories, for the managers of their country alone."""

import grpc

from amplify.programme.v1 import hold_service_pb2 as pb
from amplify.programme.v1.hold_service_pb2_grpc import HoldServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from programme import hold_queries, service
from programme.consent_resources import hold, listed_hold
from programme.domain.hold import HoldCause, HoldState
from programme.enums import required, to_domain
from programme.grpc_api.parsing import refusals, resource_id
from programme.paged import Paging
from programme.storage import factory_holds
from programme.use_cases.lift_hold import LiftHold
from programme.use_cases.place_hold import PlaceHold


class HoldApi(HoldServiceServicer):
    """Each method parses its request, and hands over."""

    def PlaceHold(self, request: pb.PlaceHoldRequest, context: grpc.ServicerContext) -> pb.PlaceHoldResponse:
        """Put a factory on hold."""
        cause = required(HoldCause, request.cause)
        verb = PlaceHold(resource_id(request.parent), request.hold_id.lower(), cause, request.cause_text)

        def work(caller: Identity) -> pb.PlaceHoldResponse:
            with refusals():
                service.accept(verb, caller)
            return pb.PlaceHoldResponse(hold=hold(factory_holds.read(EVERYTHING, verb.factory_id), verb.hold_id))

        return command(request, pb.PlaceHoldResponse, work)

    def LiftHold(self, request: pb.LiftHoldRequest, context: grpc.ServicerContext) -> pb.LiftHoldResponse:
        """End a hold."""
        _, factory_id, _, hold_id = request.name.split("/")
        verb = LiftHold(factory_id, hold_id, request.lift_text, request.etag)

        def work(caller: Identity) -> pb.LiftHoldResponse:
            with refusals():
                service.accept(verb, caller)
            return pb.LiftHoldResponse(hold=hold(factory_holds.read(EVERYTHING, factory_id), hold_id))

        return command(request, pb.LiftHoldResponse, work)

    def ListHolds(self, request: pb.ListHoldsRequest, context: grpc.ServicerContext) -> pb.ListHoldsResponse:
        """A page of holds."""
        factory_id = resource_id(request.parent).removeprefix("-")
        state, paging = to_domain(HoldState, request.state), Paging(request.page_size, request.page_token)

        def work(caller: Identity) -> pb.ListHoldsResponse:
            page, total = hold_queries.list_holds(caller, factory_id, state, paging)
            return pb.ListHoldsResponse(
                holds=[listed_hold(row) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
