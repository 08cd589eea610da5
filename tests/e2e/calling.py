"""Calls the services' RPCs on behalf of people, as the console would, at the time of the business clock."""

from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import grpc
from google.type.date_pb2 import Date

from amplify.assessment.v1.advisory_visit_service_pb2_grpc import AdvisoryVisitServiceStub
from amplify.assessment.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from amplify.assessment.v1.committee_service_pb2_grpc import CommitteeServiceStub
from amplify.assessment.v1.improvement_plan_service_pb2_grpc import ImprovementPlanServiceStub
from amplify.assessment.v1.progress_report_service_pb2_grpc import ProgressReportServiceStub
from amplify.assessment.v1.questionnaire_service_pb2_grpc import QuestionnaireServiceStub
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from amplify.training.v1.participant_service_pb2_grpc import ParticipantServiceStub
from amplify.training.v1.recommendation_service_pb2_grpc import RecommendationServiceStub
from amplify.training.v1.session_service_pb2_grpc import SessionServiceStub
from local_stack.platform import Platform

STUBS: dict[str, tuple[Any, ...]] = {
    "assessment": (
        AssessmentServiceStub,
        QuestionnaireServiceStub,
        ImprovementPlanServiceStub,
        ProgressReportServiceStub,
        AdvisoryVisitServiceStub,
        CommitteeServiceStub,
    ),
    "programme": (TimelineServiceStub,),
    "training": (RecommendationServiceStub, SessionServiceStub, ParticipantServiceStub),
}
SECONDS = 30.0


class Calling:
    """`calling("advisor-1", request)` calls the RPC that takes such a request; raises grpc.RpcError.

    Used with `with`: at the end the business clock stands where it stood.
    """

    def __init__(self, stack: Platform) -> None:
        self._stack = stack
        self._advanced = 0.0
        self._channels = {name: grpc.insecure_channel(stack.addresses[name]) for name in STUBS}
        self._stubs = [stub(self._channels[name]) for name, stubs in STUBS.items() for stub in stubs]

    def __enter__(self) -> "Calling":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.advance(-self._advanced)
        for channel in self._channels.values():
            channel.close()

    def __call__(self, person: str, request: Any) -> Any:
        """The response; a request without a request_id is given one."""
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = str(uuid4())
        method = type(request).__name__.removesuffix("Request")
        stub = next(one for one in self._stubs if hasattr(one, method))
        token = self._stack.token(person)
        return getattr(stub, method)(request, timeout=SECONDS, metadata=[("authorization", f"Bearer {token}")])

    def refused(self, person: str, request: Any) -> grpc.StatusCode:
        """The code with which the call is refused; fails when it is not."""
        try:
            self(person, request)
        except grpc.RpcError as error:
            code: grpc.StatusCode = error.code()
            return code
        raise AssertionError(f"{type(request).__name__} of {person} was not refused")

    @property
    def now(self) -> datetime:
        """Business time."""
        return datetime.now(UTC) + timedelta(seconds=self._advanced)

    def advance(self, days: float) -> None:
        """Let so many days pass, in every service."""
        seconds = timedelta(days=days).total_seconds()
        self._stack.advance(seconds)
        self._advanced += seconds

    def day(self, offset: int = 0) -> Date:
        """The calendar day so many days from today, in Dhaka."""
        local: date = (self.now.astimezone(ZoneInfo("Asia/Dhaka")) + timedelta(days=offset)).date()
        return Date(year=local.year, month=local.month, day=local.day)
