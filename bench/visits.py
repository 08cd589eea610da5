"""A real assessment service in a process of its own, and visits that have started and wait for their answers."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from google.type.date_pb2 import Date

from amplify.assessment.v1 import assessment_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.programme_events_pb2 import (
    CountryProgrammeRevised,
    FactoryEnrolled,
    FactoryProfile,
    RevisedClock,
)
from assessment.__main__ import compose
from assessment.settings import AssessmentSettings
from bench.issuer import Issuer
from bench.serving import environment_of, free_ports, running
from chassis import grpc_client
from chassis.consumer import Message
from chassis.service import configure, migrate
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work
from chassis.view import applying

QUESTIONS = 250
FACTORY = "bd-1001"
LEADER, ADVISOR, COLLEAGUE = (str(uuid.UUID(int=number)) for number in range(1, 4))


@dataclass(frozen=True)
class RunningService:
    """The service's process, the port it serves gRPC on, whose tokens it accepts, and its variables."""

    pid: int
    port: int
    issuer: Issuer
    environment: Mapping[str, str]


class Visits:
    """Visits in progress, by id, and what an advisor does to one."""

    def __init__(self, channel: grpc.Channel, ids: list[str]) -> None:
        self._stub = AssessmentServiceStub(channel)
        self.ids = ids

    def submit(self, id: str) -> None:
        """Answer all questions in one call, as a device does after a day without network."""
        now = datetime.now(UTC)
        request = recording_pb2.RecordAnswersRequest(name=f"assessments/{id}", request_id=str(uuid.uuid4()))
        for number in range(1, QUESTIONS + 1):
            operation = request.operations.add(
                operation_id=str(uuid.uuid4()),
                question_id=f"bd-g{number:04}",
                finding=assessment_pb2.FINDING_COMPLIANT,
            )
            operation.answer_time.FromDatetime(now)
        answer = self._stub.RecordAnswers(request)
        assert answer.recorded == QUESTIONS


@contextmanager
def started_visits(
    settings: Settings, count: int, more: Mapping[str, str] | None = None
) -> Iterator[tuple[RunningService, Visits]]:
    """Start the service on these settings' database and begin `count` visits through its own calls.

    `more` are variables of the service besides the usual ones.
    """
    issuer = Issuer()
    (port,) = free_ports(1)
    environment = environment_of(settings, issuer, port) | {"GENERATED_QUESTIONS": str(QUESTIONS)} | dict(more or {})
    _prepare(environment)
    leader = grpc_client.channel(f"127.0.0.1:{port}", lambda: issuer.token(LEADER, "team-leader"))
    token = issuer.token(ADVISOR, "enterprise-advisor")
    advisor = grpc_client.channel(f"127.0.0.1:{port}", lambda: token)
    try:
        with leader, advisor, running("assessment", environment) as pid:
            ids = [_start(AssessmentServiceStub(leader)) for _ in range(count)]
            yield RunningService(pid, port, issuer, environment), Visits(advisor, ids)
    finally:
        issuer.close()


def _prepare(environment: Mapping[str, str]) -> None:
    """Indexes, questionnaires, and what programme would have told of its country and factory."""
    values: dict[str, Any] = {name.lower(): value for name, value in environment.items()}
    settings = AssessmentSettings(**values)
    service = compose(settings)
    configure(service, settings)
    migrate(service)
    clocks = [RevisedClock(kind="report-release", days=28, effective_from=Date(year=2020, month=1, day=1))]
    told = [
        CountryProgrammeRevised(country="BD", display_name="Bangladesh", time_zone="Asia/Dhaka", clocks=clocks),
        FactoryEnrolled(factory_id=FACTORY, country="BD", profile=FactoryProfile(status=FACTORY_STATUS_ACTIVE)),
    ]
    handlers = [
        (handler, fact)
        for fact in told
        for consumer in service.consumers
        for handler in consumer.handlers(fact.DESCRIPTOR.full_name, live=True)
    ]
    no_message: Any = Message
    with applying(1):
        unit_of_work(lambda: [handler(fact, no_message) for handler, fact in handlers])


def _start(stub: AssessmentServiceStub) -> str:
    id, today = str(uuid.uuid4()), _day()
    name = f"assessments/{id}"
    stub.PlanAssessment(
        planning_pb2.PlanAssessmentRequest(
            assessment_id=id,
            factory=f"factories/{FACTORY}",
            team_leader=LEADER,
            advisors=[ADVISOR, COLLEAGUE],
            window=assessment_pb2.Window(first_day=today, last_day=_day(7)),
            on_site_days=[today],
            request_id=str(uuid.uuid4()),
        )
    )
    stub.StartAssessment(planning_pb2.StartAssessmentRequest(name=name, request_id=str(uuid.uuid4())))
    return id


def _day(offset: int = 0) -> Date:
    local = (datetime.now(UTC) + timedelta(hours=6, days=offset)).date()
    return Date(year=local.year, month=local.month, day=local.day)
