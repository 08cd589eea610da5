"""FactoryImportService: accepts factory lists and reports on their rows."""

import grpc

from amplify.programme.v1 import factory_import_service_pb2 as pb
from amplify.programme.v1.factory_import_service_pb2_grpc import FactoryImportServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from programme import access, queries, resources, service
from programme.domain.cells import DateFormat
from programme.domain.factory_import import Outcome
from programme.enums import to_domain
from programme.grpc_api.parsing import refusals, resource_id
from programme.paged import Paging
from programme.storage import factory_imports
from programme.use_cases.import_factories import ImportFactories


class FactoryImportApi(FactoryImportServiceServicer):
    """Each method parses its request, and hands over."""

    def ImportFactories(
        self, request: pb.ImportFactoriesRequest, context: grpc.ServicerContext
    ) -> pb.ImportFactoriesResponse:
        """Accept a file; its rows are worked afterwards."""
        dates = to_domain(DateFormat, request.date_format) or DateFormat.ISO
        verb = ImportFactories(request.factory_import_id.lower(), request.csv, dates)

        def work(caller: Identity) -> pb.ImportFactoriesResponse:
            with refusals():
                service.accept(verb, caller)
            raw = factory_imports.read(EVERYTHING, verb.import_id)
            return pb.ImportFactoriesResponse(factory_import=resources.factory_import(raw))

        return command(request, pb.ImportFactoriesResponse, work)

    def GetFactoryImport(
        self, request: pb.GetFactoryImportRequest, context: grpc.ServicerContext
    ) -> pb.GetFactoryImportResponse:
        """One import and its progress."""

        def work(caller: Identity) -> pb.GetFactoryImportResponse:
            raw = factory_imports.read(access.visible(caller, "factory-import"), resource_id(request.name))
            return pb.GetFactoryImportResponse(factory_import=resources.factory_import(raw))

        return query(work)

    def ListFactoryImports(
        self, request: pb.ListFactoryImportsRequest, context: grpc.ServicerContext
    ) -> pb.ListFactoryImportsResponse:
        """A page of the caller's imports."""

        def work(caller: Identity) -> pb.ListFactoryImportsResponse:
            page, total = queries.list_factory_imports(caller, Paging(request.page_size, request.page_token))
            return pb.ListFactoryImportsResponse(
                factory_imports=[resources.factory_import(raw) for raw in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def ListFactoryImportRows(
        self, request: pb.ListFactoryImportRowsRequest, context: grpc.ServicerContext
    ) -> pb.ListFactoryImportRowsResponse:
        """A page of an import's rows."""
        import_id, outcome = resource_id(request.parent), to_domain(Outcome, request.outcome)

        def work(caller: Identity) -> pb.ListFactoryImportRowsResponse:
            paging = Paging(request.page_size, request.page_token)
            page, total = queries.list_factory_import_rows(caller, import_id, outcome, paging)
            return pb.ListFactoryImportRowsResponse(
                rows=[resources.factory_import_row(row) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)
