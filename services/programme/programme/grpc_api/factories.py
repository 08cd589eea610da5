"""FactoryService: enrols factories and keeps their records."""

from typing import TypeVar

import grpc
from google.protobuf.message import Message as Proto

from amplify.programme.v1 import factory_service_pb2 as pb
from amplify.programme.v1.factory_service_pb2_grpc import FactoryServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from programme import access, queries, resources, service
from programme.domain.factory import CloseReason, FactoryStatus, SuspendReason
from programme.domain.factory_details import FactoryDetails
from programme.enums import required, to_domain
from programme.grpc_api.parsing import details, masked_details, refusals, resource_id
from programme.paged import Paging
from programme.queries import FactoryFilter
from programme.storage import factories
from programme.use_cases.close_factory import CloseFactory
from programme.use_cases.enrol_factory import EnrolFactory
from programme.use_cases.reinstate_factory import ReinstateFactory
from programme.use_cases.suspend_factory import SuspendFactory
from programme.use_cases.update_factory import UpdateFactory

AnswerT = TypeVar("AnswerT", bound=Proto)


def _change(request: Proto, answer: type[AnswerT], verb: object, factory_id: str, prefix: str = "") -> AnswerT:
    """Do the verb once for its request_id and answer with the factory as it is then."""

    def work(caller: Identity) -> AnswerT:
        with refusals(prefix):
            service.accept(verb, caller)
        return answer(factory=resources.factory(factories.read(EVERYTHING, factory_id), caller))

    return command(request, answer, work)


class FactoryApi(FactoryServiceServicer):
    """Each method parses its request, and hands over."""

    def EnrolFactory(self, request: pb.EnrolFactoryRequest, context: grpc.ServicerContext) -> pb.EnrolFactoryResponse:
        """Enrol one factory."""
        values = FactoryDetails(**details(request.factory))
        verb = EnrolFactory(request.factory_id, request.factory.country, values)
        return _change(request, pb.EnrolFactoryResponse, verb, request.factory_id, "factory.")

    def UpdateFactory(
        self, request: pb.UpdateFactoryRequest, context: grpc.ServicerContext
    ) -> pb.UpdateFactoryResponse:
        """Take over the fields of the mask."""
        factory_id = resource_id(request.factory.name)
        verb = UpdateFactory(factory_id, masked_details(request.factory, request.update_mask), request.etag)
        return _change(request, pb.UpdateFactoryResponse, verb, factory_id, "factory.")

    def SuspendFactory(
        self, request: pb.SuspendFactoryRequest, context: grpc.ServicerContext
    ) -> pb.SuspendFactoryResponse:
        """Suspend for a reason."""
        factory_id = resource_id(request.name)
        verb = SuspendFactory(factory_id, required(SuspendReason, request.reason), request.etag)
        return _change(request, pb.SuspendFactoryResponse, verb, factory_id)

    def ReinstateFactory(
        self, request: pb.ReinstateFactoryRequest, context: grpc.ServicerContext
    ) -> pb.ReinstateFactoryResponse:
        """Reinstate."""
        factory_id = resource_id(request.name)
        return _change(request, pb.ReinstateFactoryResponse, ReinstateFactory(factory_id, request.etag), factory_id)

    def CloseFactory(self, request: pb.CloseFactoryRequest, context: grpc.ServicerContext) -> pb.CloseFactoryResponse:
        """Close for a reason."""
        factory_id = resource_id(request.name)
        verb = CloseFactory(factory_id, required(CloseReason, request.reason), request.etag)
        return _change(request, pb.CloseFactoryResponse, verb, factory_id)

    def GetFactory(self, request: pb.GetFactoryRequest, context: grpc.ServicerContext) -> pb.GetFactoryResponse:
        """One factory."""

        def work(caller: Identity) -> pb.GetFactoryResponse:
            raw = factories.read(access.visible(caller, "factory"), resource_id(request.name))
            return pb.GetFactoryResponse(factory=resources.factory(raw, caller))

        return query(work)

    def ListFactories(
        self, request: pb.ListFactoriesRequest, context: grpc.ServicerContext
    ) -> pb.ListFactoriesResponse:
        """A page of factories."""
        wanted = FactoryFilter(
            request.country,
            to_domain(FactoryStatus, request.status),
            request.search,
            request.assigned_advisor.lower(),
        )

        def work(caller: Identity) -> pb.ListFactoriesResponse:
            page, total = queries.list_factories(caller, wanted, Paging(request.page_size, request.page_token))
            return pb.ListFactoriesResponse(
                factories=[resources.factory(raw, caller) for raw in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
