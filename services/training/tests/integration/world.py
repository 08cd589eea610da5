"""A running training service for tests: its real gRPC server, its real database, people with tokens."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import grpc
from google.rpc import error_details_pb2
from google.type.date_pb2 import Date
from grpc_status import rpc_status

from amplify.training.v1 import certificate_service_pb2 as certificates_pb2
from amplify.training.v1 import enrolment_pb2, head_count_pb2, participant_pb2, recording_pb2, scheduling_pb2
from amplify.training.v1 import participant_service_pb2 as participants_pb2
from amplify.training.v1 import session_service_pb2 as sessions_pb2
from amplify.training.v1.certificate_service_pb2_grpc import CertificateServiceStub
from amplify.training.v1.course_service_pb2_grpc import CourseServiceStub
from amplify.training.v1.participant_service_pb2_grpc import ParticipantServiceStub
from amplify.training.v1.recommendation_service_pb2_grpc import RecommendationServiceStub
from amplify.training.v1.session_service_pb2_grpc import SessionServiceStub
from chassis import clock
from chassis.database import db
from local_stack.issuer import Issuer

OFFICER, OFFICER_KH, ADVISOR, LEADER, MANAGER, PROGRAMME, FACTORY, OTHER_FACTORY, FINANCE, BUYER, SRE = (
    str(uuid.UUID(int=number)) for number in range(1, 12)
)
PEOPLE: dict[str, dict[str, Any]] = {
    OFFICER: {"role": "training-officer", "countries": ["BD", "JO"]},
    OFFICER_KH: {"role": "training-officer", "countries": ["KH"]},
    ADVISOR: {"role": "enterprise-advisor", "countries": ["BD"]},
    LEADER: {"role": "team-leader", "countries": ["BD"]},
    MANAGER: {"role": "country-manager", "countries": ["BD"]},
    PROGRAMME: {"role": "programme-officer", "countries": ["BD"]},
    FACTORY: {"role": "factory-manager", "factory": "bd-1001"},
    OTHER_FACTORY: {"role": "factory-manager", "factory": "bd-1002"},
    FINANCE: {"role": "finance-officer", "countries": ["BD"]},
    BUYER: {"role": "buyer", "organisation": "north-sea-apparel"},
    SRE: {"role": "sre"},
}
TRAINER = str(uuid.UUID(int=77))
F, M = head_count_pb2.SEX_FEMALE, head_count_pb2.SEX_MALE
WORKER, SUPERVISOR = head_count_pb2.PARTICIPANT_ROLE_WORKER, head_count_pb2.PARTICIPANT_ROLE_SUPERVISOR
UNIONIST, INSPECTOR, BRAND = (
    head_count_pb2.PARTICIPANT_ROLE_UNION_REPRESENTATIVE,
    head_count_pb2.PARTICIPANT_ROLE_INSPECTOR,
    head_count_pb2.PARTICIPANT_ROLE_BRAND_STAFF,
)


@dataclass
class Refused(Exception):
    """What a refused call says: code, reason, and the violated fields with their reasons."""

    code: str
    reason: str
    fields: dict[str, str] = field(default_factory=dict)


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())


def local(offset: int = 0, zone: str = "Asia/Dhaka") -> date:
    """The calendar day so many days from the business clock's today, in a time zone."""
    return (clock.now().astimezone(ZoneInfo(zone)) + timedelta(days=offset)).date()


def day(offset: int = 0, zone: str = "Asia/Dhaka") -> Date:
    """As `local`, as the contract writes it."""
    found = local(offset, zone)
    return Date(year=found.year, month=found.month, day=found.day)


@dataclass
class World:
    """`call(person, request)` calls the RPC that takes such a request."""

    issuer: Issuer
    port: int
    clock_file: Path

    def __post_init__(self) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        stubs = (
            SessionServiceStub,
            ParticipantServiceStub,
            CertificateServiceStub,
            CourseServiceStub,
            RecommendationServiceStub,
        )
        self._stubs = [stub(self.channel) for stub in stubs]

    def call(self, person: str, request: Any) -> Any:
        """The response. Raises Refused."""
        known = PEOPLE.get(person, {})
        claims = {name: value for name, value in known.items() if name != "role"}
        token = self.issuer.token(person, known.get("role", ""), **claims)
        method = type(request).__name__.removesuffix("Request")
        stub = next(stub for stub in self._stubs if hasattr(stub, method))
        try:
            return getattr(stub, method)(request, metadata=[("authorization", f"Bearer {token}")], timeout=20)
        except grpc.RpcError as error:
            raise _refused(error) from None

    def move_clock(self, days: float) -> None:
        """Set the business clock ahead by so many days, from real time."""
        clock.move(self.clock_file, timedelta(days=days).total_seconds())

    def schedule(self, **changes: Any) -> str:
        """A session that starts today; its name."""
        return str(self.call(OFFICER, schedule_request(**changes)).session.name)

    def session(self, name: str) -> Any:
        """The session as the officer sees it."""
        return self.call(OFFICER, sessions_pb2.GetSessionRequest(name=name)).session

    def people(self, name: str, person: str = OFFICER) -> list[Any]:
        """The participants as somebody sees them, by name."""
        request = participants_pb2.ListParticipantsRequest(parent=name, page_size=500)
        return list(self.call(person, request).participants)

    def enrol(self, name: str, count: int = 2, **changes: Any) -> list[str]:
        """Enrol so many workers of the factory, women and men by turns; their ids."""
        rows = [newcomer(sex=(F, M)[number % 2], **changes) for number in range(count)]
        self.call(OFFICER, enrol_request(name, rows))
        return [row.participant_id for row in rows]

    def attend(self, name: str, *days: Date, absent: tuple[str, ...] = ()) -> Any:
        """Everybody but some was there on these days."""
        return self.call(OFFICER, attendance_request(name, [everybody(each, absent) for each in days]))

    def complete(self, name: str) -> Any:
        """Close a session; what it is then."""
        request = sessions_pb2.CompleteSessionRequest(name=name, request_id=new_id())
        return self.call(OFFICER, request).session

    def completed(self, count: int = 2, *, absent: int = 0, **changes: Any) -> tuple[str, list[str]]:
        """A closed session of one day with so many people, the first of them absent; its name and their ids."""
        name = self.schedule(days=[day(0)], **changes)
        people = self.enrol(name, count)
        self.attend(name, day(0), absent=tuple(people[:absent]))
        self.complete(name)
        return name, people

    def certify(self, name: str, *wanted: Any) -> Any:
        """Issue certificates."""
        request = certificates_pb2.IssueCertificatesRequest(parent=name, certificates=wanted, request_id=new_id())
        return self.call(OFFICER, request)


def schedule_request(**changes: Any) -> scheduling_pb2.ScheduleSessionRequest:
    """A request for a session of three days from today on, for a factory."""
    request: dict[str, Any] = {
        "session_id": new_id(),
        "course": "courses/sst",
        "country": "BD",
        "factory": "factories/bd-1001",
        "place": "Training room, second floor",
        "days": [day(0), day(1), day(2)],
        "trainers": [TRAINER],
        "request_id": new_id(),
    }
    return scheduling_pb2.ScheduleSessionRequest(**(request | changes))


def newcomer(**changes: Any) -> enrolment_pb2.NewParticipant:
    """Somebody who works in the factory."""
    factory = participant_pb2.Employer(kind=participant_pb2.EMPLOYER_KIND_FACTORY, factory="factories/bd-1001")
    row: dict[str, Any] = {
        "participant_id": new_id(),
        "full_name": f"Ayesha Siddiqua {new_id()[:4]}",
        "sex": F,
        "role": WORKER,
        "employer": factory,
    }
    return enrolment_pb2.NewParticipant(**(row | changes))


def other_employer(kind: Any, organisation: str) -> participant_pb2.Employer:
    """An employer that is no factory."""
    return participant_pb2.Employer(kind=kind, organisation=organisation)


def enrol_request(name: str, rows: list[Any], *, waiting_list: bool = False) -> enrolment_pb2.EnrolParticipantsRequest:
    """A request to enrol these."""
    return enrolment_pb2.EnrolParticipantsRequest(
        parent=name, participants=rows, waiting_list=waiting_list, request_id=new_id()
    )


def attendance_request(name: str, operations: list[Any]) -> recording_pb2.RecordAttendanceRequest:
    """A request to record these."""
    return recording_pb2.RecordAttendanceRequest(parent=name, operations=operations, request_id=new_id())


def everybody(on: Date, absent: tuple[str, ...] = (), at: datetime | None = None) -> Any:
    """Everybody was there but some."""
    whom = recording_pb2.EverybodyPresent(absent_participant_ids=absent)
    return _timed(recording_pb2.AttendanceOperation(operation_id=new_id(), day=on, everybody=whom), at)


def one(on: Date, participant_id: str, present: bool, at: datetime | None = None) -> Any:
    """Somebody was there, or not."""
    whom = recording_pb2.OneAttendance(participant_id=participant_id, present=present)
    return _timed(recording_pb2.AttendanceOperation(operation_id=new_id(), day=on, one=whom), at)


def score(participant_id: str, kind: Any, value: int, at: datetime | None = None) -> Any:
    """A score of a test."""
    return _timed(
        recording_pb2.TestScoreOperation(operation_id=new_id(), participant_id=participant_id, kind=kind, score=value),
        at,
    )


def outcome(participant_id: str, at: datetime | None = None, **value: Any) -> Any:
    """An outcome."""
    return _timed(recording_pb2.OutcomeOperation(operation_id=new_id(), participant_id=participant_id, **value), at)


def _timed(operation: Any, at: datetime | None) -> Any:
    operation.record_time.FromDatetime(at or clock.now())
    return operation


def _refused(error: Any) -> Refused:
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


def facts(session: str) -> list[tuple[str, dict[str, Any]]]:
    """Type and row of every fact that a session recorded, in order."""
    rows = db().facts.find({"key": session.split("/")[1]}).sort("order", 1)
    return [(row["type"].rsplit(".", 1)[-1], row) for row in rows]
