"""CountryProgrammeService: reads country programmes."""

import grpc

from amplify.programme.v1 import country_programme_service_pb2 as pb
from amplify.programme.v1.country_programme_service_pb2_grpc import CountryProgrammeServiceServicer
from chassis.identity import Identity
from chassis.rpc import query
from programme import access, queries, resources
from programme.grpc_api.parsing import resource_id
from programme.paged import Paging
from programme.storage import country_programmes


class CountryProgrammeApi(CountryProgrammeServiceServicer):
    """Each method parses its request, and hands over."""

    def GetCountryProgramme(
        self, request: pb.GetCountryProgrammeRequest, context: grpc.ServicerContext
    ) -> pb.GetCountryProgrammeResponse:
        """One country programme."""

        def work(caller: Identity) -> pb.GetCountryProgrammeResponse:
            raw = country_programmes.read(access.visible(caller, "country-programme"), resource_id(request.name))
            return pb.GetCountryProgrammeResponse(country_programme=resources.country_programme(raw))

        return query(work)

    def ListCountryProgrammes(
        self, request: pb.ListCountryProgrammesRequest, context: grpc.ServicerContext
    ) -> pb.ListCountryProgrammesResponse:
        """A page of country programmes."""

        def work(caller: Identity) -> pb.ListCountryProgrammesResponse:
            page, total = queries.list_country_programmes(caller, Paging(request.page_size, request.page_token))
            return pb.ListCountryProgrammesResponse(
                country_programmes=[resources.country_programme(raw) for raw in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
