"""What a partner's program does: list, get, follow, acknowledge."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

import grpc
from google.protobuf.field_mask_pb2 import FieldMask

from amplify.assessment.v1 import partner_service_pb2 as pb
from amplify.assessment.v1.improvement_plan_pb2 import ImprovementLineState
from amplify.assessment.v1.partner_pb2 import ReleasedReport, SharedImprovementLine
from amplify.assessment.v1.partner_service_pb2_grpc import PartnerServiceStub
from amplify_client.calling import pages
from amplify_client.connection import Connection
from amplify_client.following import Item, follow
from amplify_client.tokens import Credentials


class PartnerClient(Connection):
    """A partner's program at Amplify; every call raises `Refused` where it is refused for good."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        channel_credentials: grpc.ChannelCredentials | None = None,
        seconds: float = 20.0,
    ) -> None:
        """See `Connection`."""
        super().__init__(address, credentials, channel_credentials=channel_credentials, seconds=seconds)
        self._stub = PartnerServiceStub(self._channel)

    def released_reports(
        self,
        *,
        factory: str = "",
        country: str = "",
        released_after: datetime | None = None,
        fields: Sequence[str] = (),
        page_size: int = 100,
    ) -> Iterator[ReleasedReport]:
        """Released reports that factories let you see, the earliest first; `factory` as `factories/bd-1001`."""
        request = pb.ListReleasedReportsRequest(
            factory=factory, country=country, page_size=page_size, read_mask=FieldMask(paths=fields)
        )
        if released_after:
            request.released_after_time.FromDatetime(released_after)

        def turn(token: str) -> tuple[list[ReleasedReport], str]:
            request.page_token = token
            answer = self._caller.call(self._stub.ListReleasedReports, request)
            return list(answer.released_reports), answer.next_page_token

        return pages(turn)

    def released_report(self, name: str, *, fields: Sequence[str] = ()) -> ReleasedReport:
        """One of them, by its name."""
        request = pb.GetReleasedReportRequest(name=name, read_mask=FieldMask(paths=fields))
        return self._caller.call(self._stub.GetReleasedReport, request).released_report

    def improvement_lines(
        self,
        *,
        factory: str = "",
        country: str = "",
        states: Sequence[ImprovementLineState.ValueType] = (),
        fields: Sequence[str] = (),
        page_size: int = 100,
    ) -> Iterator[SharedImprovementLine]:
        """Lines of improvement plans that factories let you see, by factory."""
        request = pb.ListSharedImprovementLinesRequest(
            factory=factory, country=country, states=states, page_size=page_size, read_mask=FieldMask(paths=fields)
        )

        def turn(token: str) -> tuple[list[SharedImprovementLine], str]:
            request.page_token = token
            answer = self._caller.call(self._stub.ListSharedImprovementLines, request)
            return list(answer.shared_improvement_lines), answer.next_page_token

        return pages(turn)

    def improvement_line(self, name: str, *, fields: Sequence[str] = ()) -> SharedImprovementLine:
        """One of them, by its name."""
        request = pb.GetSharedImprovementLineRequest(name=name, read_mask=FieldMask(paths=fields))
        return self._caller.call(self._stub.GetSharedImprovementLine, request).shared_improvement_line

    def follow(
        self, resume_token: str = "", *, report_fields: Sequence[str] = (), line_fields: Sequence[str] = ()
    ) -> Iterator[Item]:
        """Follow changes from the last token you kept; without one a snapshot comes first. See `Item`."""
        request = pb.WatchChangesRequest(
            resume_token=resume_token,
            report_mask=FieldMask(paths=report_fields),
            line_mask=FieldMask(paths=line_fields),
        )
        return follow(self._caller, self._stub.WatchChanges, request)

    def acknowledge(self, consent_grant: str) -> datetime:
        """Say that whatever came under a grant that is over has been deleted; when that was said first (UTC)."""
        request = pb.AcknowledgeRetractionRequest(consent_grant=consent_grant, request_id=str(uuid.uuid4()))
        return self._caller.call(self._stub.AcknowledgeRetraction, request).acknowledge_time.ToDatetime()
