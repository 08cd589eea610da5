"""PartnerService served: parse, hand to the readers, present."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import grpc
from google.protobuf.descriptor import Descriptor
from google.protobuf.field_mask_pb2 import FieldMask

from amplify.assessment.v1 import partner_pb2, partner_service_pb2_grpc
from amplify.assessment.v1 import partner_service_pb2 as pb
from assessment.domain.improvement_line import LineState
from assessment.enums import to_domain
from assessment.parsing import id_of
from assessment.partners import lines, reading
from assessment.partners.asking import TogetherConsents
from assessment.partners.consents import Consents
from assessment.partners.tail import Tail
from assessment.partners.tokens import Tokens
from assessment.partners.watching import Watch, Wishes
from assessment.service import accept
from assessment.use_cases.acknowledge_retraction import AcknowledgeRetraction
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.masks import asked_paths
from chassis.rpc import command, query, stream

Context = grpc.ServicerContext
REPORT = partner_pb2.ReleasedReport.DESCRIPTOR
LINE = partner_pb2.SharedImprovementLine.DESCRIPTOR


class PartnerApi(partner_service_pb2_grpc.PartnerServiceServicer):
    """What partners read and follow, each call under the grants of its moment."""

    def __init__(self, consents: Consents, token_key: bytes, heartbeat_seconds: float) -> None:
        self._consents = TogetherConsents(consents)
        self._tokens = Tokens(token_key)
        self._tail = Tail()
        self._heartbeat_seconds = heartbeat_seconds

    def ListReleasedReports(
        self, request: pb.ListReleasedReportsRequest, context: Context
    ) -> pb.ListReleasedReportsResponse:
        """List released reports."""

        def work(caller: Identity) -> pb.ListReleasedReportsResponse:
            found = reading.list_reports(
                caller,
                self._consents,
                factory_id=id_of(request.factory) if request.factory else "",
                country=request.country,
                released_after=_released_after(request),
                paths=_paths(request.read_mask, REPORT, "read_mask"),
                page_size=request.page_size,
                page_token=request.page_token,
            )
            return pb.ListReleasedReportsResponse(
                released_reports=found.shown, next_page_token=found.next_page_token, total_size=found.total
            )

        return query(work)

    def GetReleasedReport(self, request: pb.GetReleasedReportRequest, context: Context) -> pb.GetReleasedReportResponse:
        """Show one released report."""

        def work(caller: Identity) -> pb.GetReleasedReportResponse:
            paths = _paths(request.read_mask, REPORT, "read_mask")
            shown = reading.get_report(caller, self._consents, id_of(request.name), paths)
            return pb.GetReleasedReportResponse(released_report=shown)

        return query(work)

    def ListSharedImprovementLines(
        self, request: pb.ListSharedImprovementLinesRequest, context: Context
    ) -> pb.ListSharedImprovementLinesResponse:
        """List lines of improvement plans."""

        def work(caller: Identity) -> pb.ListSharedImprovementLinesResponse:
            found = lines.list_lines(
                caller,
                self._consents,
                factory_id=id_of(request.factory) if request.factory else "",
                country=request.country,
                states=[to_domain(LineState, state) for state in request.states if state],
                paths=_paths(request.read_mask, LINE, "read_mask"),
                page_size=request.page_size,
                page_token=request.page_token,
            )
            return pb.ListSharedImprovementLinesResponse(
                shared_improvement_lines=found.shown, next_page_token=found.next_page_token, total_size=found.total
            )

        return query(work)

    def GetSharedImprovementLine(
        self, request: pb.GetSharedImprovementLineRequest, context: Context
    ) -> pb.GetSharedImprovementLineResponse:
        """Show one line of an improvement plan."""

        def work(caller: Identity) -> pb.GetSharedImprovementLineResponse:
            paths = _paths(request.read_mask, LINE, "read_mask")
            shown = lines.get_line(caller, self._consents, id_of(request.name), paths)
            return pb.GetSharedImprovementLineResponse(shared_improvement_line=shown)

        return query(work)

    def WatchChanges(self, request: pb.WatchChangesRequest, context: Context) -> Iterator[pb.WatchChangesResponse]:
        """Follow changes."""

        def work(caller: Identity) -> Iterator[pb.WatchChangesResponse | None]:
            wishes = Wishes(
                _paths(request.report_mask, REPORT, "report_mask"),
                _paths(request.line_mask, LINE, "line_mask"),
                self._heartbeat_seconds,
            )
            return Watch(caller, self._consents, self._tail, self._tokens, wishes).run(request.resume_token)

        return stream(work)

    def AcknowledgeRetraction(
        self, request: pb.AcknowledgeRetractionRequest, context: Context
    ) -> pb.AcknowledgeRetractionResponse:
        """Acknowledge that what came under a grant is deleted."""

        def work(caller: Identity) -> pb.AcknowledgeRetractionResponse:
            kept = accept(AcknowledgeRetraction(id_of(request.consent_grant)), caller)
            answer = pb.AcknowledgeRetractionResponse(consent_grant=request.consent_grant)
            answer.acknowledge_time.FromDatetime(kept.acknowledged_at)
            return answer

        return command(request, pb.AcknowledgeRetractionResponse, work)


def _paths(mask: FieldMask, kind: Descriptor, field: str) -> Sequence[str]:
    return asked_paths(mask.paths, kind, field)


def _released_after(request: pb.ListReleasedReportsRequest) -> datetime | None:
    if not request.HasField("released_after_time"):
        return None
    try:
        return request.released_after_time.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise Invalid.field("released_after_time", "is not a point in time") from None
