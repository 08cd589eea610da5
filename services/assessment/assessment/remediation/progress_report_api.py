"""ProgressReportService served: parse, hand to the service's tables, present."""

import grpc

from amplify.assessment.v1 import progress_report_pb2
from amplify.assessment.v1 import progress_report_service_pb2 as service_pb2
from amplify.assessment.v1 import progress_report_service_pb2_grpc as service_grpc
from assessment.domain.progress_report import ProgressState
from assessment.enums import to_domain
from assessment.parsing import id_of
from assessment.remediation import queries
from assessment.remediation.parsing import parse_content, parse_wanted
from assessment.remediation.presenting import present_progress_report
from assessment.remediation.storage import etag_of, progress_reports
from assessment.service import accept
from assessment.use_cases.submit_progress_report import SubmitProgressReport
from chassis import clock
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, query

Context = grpc.ServicerContext


class ProgressReportApi(service_grpc.ProgressReportServiceServicer):
    """What factories report of their progress."""

    def SubmitProgressReport(
        self, request: service_pb2.SubmitProgressReportRequest, context: Context
    ) -> service_pb2.SubmitProgressReportResponse:
        """Submit a progress report."""

        def do(caller: Identity) -> service_pb2.SubmitProgressReportResponse:
            content = parse_content(request.content)
            report = accept(SubmitProgressReport(id_of(request.name), content, request.etag), caller)
            shown = present_progress_report(report, etag_of(progress_reports, report.id), clock.now())
            return service_pb2.SubmitProgressReportResponse(progress_report=shown)

        return command(request, service_pb2.SubmitProgressReportResponse, do)

    def GetProgressReport(
        self, request: service_pb2.GetProgressReportRequest, context: Context
    ) -> service_pb2.GetProgressReportResponse:
        """Show one progress report."""
        return query(
            lambda caller: service_pb2.GetProgressReportResponse(
                progress_report=_stored(queries.get_progress_report(caller, id_of(request.name)))
            )
        )

    def ListProgressReports(
        self, request: service_pb2.ListProgressReportsRequest, context: Context
    ) -> service_pb2.ListProgressReportsResponse:
        """List progress reports, those due first at the top."""

        def answer(caller: Identity) -> service_pb2.ListProgressReportsResponse:
            state = to_domain(ProgressState, request.state) if request.state else None
            listed = queries.list_progress_reports(caller, parse_wanted(request), state=state)
            return service_pb2.ListProgressReportsResponse(
                progress_reports=map(_stored, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(answer)


def _stored(row: Row) -> progress_report_pb2.ProgressReport:
    return present_progress_report(progress_reports.revive(row), progress_reports.etag(row), clock.now())
