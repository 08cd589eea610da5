"""A running assessment service for tests: its real gRPC server, its real database, people with tokens."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
from google.rpc import error_details_pb2
from google.type.date_pb2 import Date
from grpc_status import rpc_status

from amplify.assessment.v1 import assessment_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as service_pb2
from amplify.assessment.v1.advisory_visit_service_pb2_grpc import AdvisoryVisitServiceStub
from amplify.assessment.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from amplify.assessment.v1.committee_service_pb2_grpc import CommitteeServiceStub
from amplify.assessment.v1.improvement_plan_service_pb2_grpc import ImprovementPlanServiceStub
from amplify.assessment.v1.progress_report_service_pb2_grpc import ProgressReportServiceStub
from amplify.assessment.v1.questionnaire_service_pb2 import GetQuestionnaireRequest
from amplify.assessment.v1.questionnaire_service_pb2_grpc import QuestionnaireServiceStub
from chassis import clock
from chassis.database import db
from local_stack.issuer import Issuer

Finding = assessment_pb2.Finding
(
    LEADER,
    RINA,
    TARIQ,
    OTHER_LEADER,
    OTHER_ADVISOR,
    MANAGER,
    MANAGER_KH,
    FACTORY,
    SRE,
    BUYER,
    COLLEAGUE,
    NEIGHBOUR,
    ADVISOR_KH,
) = (str(uuid.UUID(int=number)) for number in range(1, 14))
PEOPLE: dict[str, dict[str, Any]] = {
    LEADER: {"role": "team-leader", "countries": ["BD"]},
    RINA: {"role": "enterprise-advisor", "countries": ["BD"]},
    TARIQ: {"role": "enterprise-advisor", "countries": ["BD"]},
    OTHER_LEADER: {"role": "team-leader", "countries": ["BD"]},
    OTHER_ADVISOR: {"role": "enterprise-advisor", "countries": ["BD"]},
    ADVISOR_KH: {"role": "enterprise-advisor", "countries": ["KH"]},
    MANAGER: {"role": "country-manager", "countries": ["BD"]},
    MANAGER_KH: {"role": "country-manager", "countries": ["KH"]},
    FACTORY: {"role": "factory-manager", "factory": "bd-1001"},
    COLLEAGUE: {"role": "factory-manager", "factory": "bd-1001"},
    NEIGHBOUR: {"role": "factory-manager", "factory": "bd-1002"},
    SRE: {"role": "sre"},
    BUYER: {"role": "buyer", "organisation": "north-sea-apparel"},
}


@dataclass
class Refused(Exception):
    """What a refused call says: code, reason, and the violated fields with their reasons."""

    code: str
    reason: str
    fields: dict[str, str] = field(default_factory=dict)


def day(offset: int = 0) -> Date:
    """The calendar day so many days from the business clock's today, in Dhaka."""
    local = (clock.now() + timedelta(hours=6, days=offset)).date()
    return contract_day(local)


def contract_day(local: date) -> Date:
    """A calendar day as the contract writes it."""
    return Date(year=local.year, month=local.month, day=local.day)


@dataclass
class World:
    """`call(person, request)` calls the RPC that takes such a request."""

    issuer: Issuer
    port: int
    clock_file: Path

    def __post_init__(self) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self._stubs = (
            AssessmentServiceStub(self.channel),
            QuestionnaireServiceStub(self.channel),
            ImprovementPlanServiceStub(self.channel),
            ProgressReportServiceStub(self.channel),
            AdvisoryVisitServiceStub(self.channel),
            CommitteeServiceStub(self.channel),
        )

    def call(self, person: str, request: Any, *, token: str | None = None) -> Any:
        """The response. Raises Refused."""
        known = PEOPLE.get(person, {})
        claims = {name: value for name, value in known.items() if name != "role"}
        token = token if token is not None else self.issuer.token(person, known.get("role", ""), **claims)
        method = type(request).__name__.removesuffix("Request")
        stub = next(stub for stub in self._stubs if hasattr(stub, method))
        try:
            return getattr(stub, method)(request, metadata=[("authorization", f"Bearer {token}")], timeout=20)
        except grpc.RpcError as error:
            raise refusal(error) from None

    def move_clock(self, seconds: float) -> None:
        """Set the business clock ahead by so much, from real time."""
        clock.move(self.clock_file, seconds)

    def move_clock_to(self, at: datetime) -> None:
        """Set the business clock to this time."""
        self.move_clock((at - datetime.now(UTC)).total_seconds())

    def plan(self, *, factory: str = "bd-1001", **changes: Any) -> str:
        """Plan a visit of LEADER, RINA and TARIQ that may start today; the assessment's id."""
        request = plan_request(factory=factory, **changes)
        self.call(LEADER, request)
        return request.assessment_id

    def start(self, **changes: Any) -> str:
        """Plan and start a visit."""
        assessment_id = self.plan(**changes)
        self.call(RINA, planning_pb2.StartAssessmentRequest(name=f"assessments/{assessment_id}", request_id=new_id()))
        return assessment_id

    def questions(self, assessment_id: str) -> list[str]:
        """The ids of the questions that the visit asks."""
        shown = self.call(LEADER, service_pb2.GetAssessmentRequest(name=f"assessments/{assessment_id}")).assessment
        asked = self.call(LEADER, GetQuestionnaireRequest(name=shown.questionnaire)).questionnaire
        return [question.question_id for question in asked.questions]

    def find(self, broken: Iterable[str], **changes: Any) -> str:
        """All the way to a released report that finds these questions broken and the others in order."""
        assessment_id = self.start(**changes)
        self.answer_all(assessment_id)
        found = [operation(question_id, Finding.FINDING_NON_COMPLIANT) for question_id in broken]
        if found:
            self.call(TARIQ, record_request(assessment_id, found))
        name = f"assessments/{assessment_id}"
        self.call(TARIQ, service_pb2.SubmitAssessmentRequest(name=name, request_id=new_id()))
        self.call(LEADER, service_pb2.ReleaseAssessmentRequest(name=name, request_id=new_id()))
        return assessment_id

    def answer_all(self, assessment_id: str, finding: int = Finding.FINDING_COMPLIANT) -> list[str]:
        """Give every question the same finding; the ids of the questions."""
        questions = self.questions(assessment_id)
        operations = [operation(question_id, finding) for question_id in questions]
        self.call(RINA, record_request(assessment_id, operations))
        return questions

    def submit(self, **changes: Any) -> str:
        """Plan, start, answer and submit."""
        assessment_id = self.start(**changes)
        self.answer_all(assessment_id)
        self.call(TARIQ, service_pb2.SubmitAssessmentRequest(name=f"assessments/{assessment_id}", request_id=new_id()))
        return assessment_id

    def release(self, **changes: Any) -> str:
        """All the way to a released report."""
        assessment_id = self.submit(**changes)
        request = service_pb2.ReleaseAssessmentRequest(name=f"assessments/{assessment_id}", request_id=new_id())
        self.call(LEADER, request)
        return assessment_id


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())


def plan_request(
    *, factory: str = "bd-1001", first: int = 0, last: int = 9, days: tuple[int, ...] = (0, 1), **changes: Any
) -> planning_pb2.PlanAssessmentRequest:
    """A request to plan a visit; days count from today."""
    request: dict[str, Any] = {
        "assessment_id": new_id(),
        "factory": f"factories/{factory}",
        "team_leader": LEADER,
        "advisors": [RINA, TARIQ],
        "window": assessment_pb2.Window(first_day=day(first), last_day=day(last)),
        "on_site_days": [day(each) for each in days],
        "request_id": new_id(),
    }
    return planning_pb2.PlanAssessmentRequest(**(request | changes))


def operation(
    question_id: str, finding: int = Finding.FINDING_COMPLIANT, **changes: Any
) -> recording_pb2.AnswerOperation:
    """An answer given now; with another value in `changes` the finding is left out."""
    values = {"count", "percentage", "yes_no", "day"}
    given: dict[str, Any] = {} if values & changes.keys() else {"finding": finding}
    made = recording_pb2.AnswerOperation(operation_id=new_id(), question_id=question_id, **given)
    made.answer_time.FromDatetime(changes.pop("at", clock.now()))
    made.MergeFrom(recording_pb2.AnswerOperation(**changes))
    return made


def record_request(
    assessment_id: str, operations: list[recording_pb2.AnswerOperation]
) -> recording_pb2.RecordAnswersRequest:
    """A request to record these."""
    return recording_pb2.RecordAnswersRequest(
        name=f"assessments/{assessment_id}", operations=operations, request_id=new_id()
    )


def refusal(error: Any) -> Refused:
    """What a refused call says."""
    status = rpc_status.from_call(error)
    if status is None:
        return Refused(error.code().name, error.details() or "")
    reason, fields = "", {}
    for detail in status.details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            fields = {violation.field: violation.reason for violation in bad.field_violations}
    return Refused(error.code().name, reason, fields)


def content() -> dict[str, list[dict[str, Any]]]:
    """Everything in the service's database."""
    return {name: list(db()[name].find().sort("_id", 1)) for name in sorted(db().list_collection_names())}


@dataclass(frozen=True)
class Visits:
    """One assessment in each state."""

    planned: str
    started: str
    submitted: str
    released: str
    question: str

    def __getitem__(self, state: str) -> str:
        return f"assessments/{getattr(self, state)}"
