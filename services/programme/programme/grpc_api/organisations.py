"""OrganisationService: registers partner organisations."""

import grpc

from amplify.programme.v1 import organisation_service_pb2 as pb
from amplify.programme.v1.organisation_service_pb2_grpc import OrganisationServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from programme import access, queries, resources, service
from programme.domain.organisation import OrganisationKind
from programme.enums import required, to_domain
from programme.grpc_api.parsing import refusals, resource_id
from programme.paged import Paging
from programme.storage import organisations
from programme.use_cases.register_organisation import RegisterOrganisation


class OrganisationApi(OrganisationServiceServicer):
    """Each method parses its request, and hands over."""

    def RegisterOrganisation(
        self, request: pb.RegisterOrganisationRequest, context: grpc.ServicerContext
    ) -> pb.RegisterOrganisationResponse:
        """Make a partner known."""
        kind = required(OrganisationKind, request.kind)
        verb = RegisterOrganisation(request.organisation_id, request.display_name, kind)

        def work(caller: Identity) -> pb.RegisterOrganisationResponse:
            with refusals():
                service.accept(verb, caller)
            raw = organisations.read(EVERYTHING, request.organisation_id)
            return pb.RegisterOrganisationResponse(organisation=resources.organisation(raw))

        return command(request, pb.RegisterOrganisationResponse, work)

    def GetOrganisation(
        self, request: pb.GetOrganisationRequest, context: grpc.ServicerContext
    ) -> pb.GetOrganisationResponse:
        """One organisation."""

        def work(caller: Identity) -> pb.GetOrganisationResponse:
            raw = organisations.read(access.visible(caller, "organisation"), resource_id(request.name))
            return pb.GetOrganisationResponse(organisation=resources.organisation(raw))

        return query(work)

    def ListOrganisations(
        self, request: pb.ListOrganisationsRequest, context: grpc.ServicerContext
    ) -> pb.ListOrganisationsResponse:
        """A page of organisations."""
        kind = to_domain(OrganisationKind, request.kind)

        def work(caller: Identity) -> pb.ListOrganisationsResponse:
            page, total = queries.list_organisations(caller, kind, Paging(request.page_size, request.page_token))
            return pb.ListOrganisationsResponse(
                organisations=[resources.organisation(raw) for raw in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
