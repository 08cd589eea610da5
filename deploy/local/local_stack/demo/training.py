"""Training of the demonstration: a session that was held today, one that is to come, and one for the whole industry."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import grpc
from google.type.date_pb2 import Date

from amplify.training.v1 import certificate_service_pb2 as certificates
from amplify.training.v1 import enrolment_pb2 as enrolment
from amplify.training.v1 import head_count_pb2 as heads
from amplify.training.v1 import participant_pb2 as people
from amplify.training.v1 import recording_pb2 as recording
from amplify.training.v1 import scheduling_pb2 as scheduling
from amplify.training.v1.certificate_service_pb2_grpc import CertificateServiceStub
from amplify.training.v1.participant_service_pb2_grpc import ParticipantServiceStub
from amplify.training.v1.session_service_pb2 import CompleteSessionRequest, GetSessionRequest
from amplify.training.v1.session_service_pb2_grpc import SessionServiceStub
from local_stack.demo.seed import NotSeeded, Token, request_id
from local_stack.people import directory

OFFICER = "training-officer"
KNOWN_SECONDS = 60.0
"""How long training may take to learn of the factories that were just imported."""

NAMES = (
    "Shila Akter",
    "Moni Begum",
    "Rahim Uddin",
    "Jui Khatun",
    "Babul Mia",
    "Rupa Sarker",
    "Tania Islam",
    "Nila Das",
)
MEN = {"Rahim Uddin", "Babul Mia"}


class Training:
    """The training officer of Bangladesh at work; every call may be repeated."""

    def __init__(self, channel: grpc.Channel, token: Token) -> None:
        stubs = (SessionServiceStub, ParticipantServiceStub, CertificateServiceStub)
        self._stubs = [stub(channel) for stub in stubs]
        self._token = token

    def call(self, request: Any) -> Any:
        """The answer of the RPC that takes such a request; None for what was done at an earlier start already."""
        method = type(request).__name__.removesuffix("Request")
        stub = next(stub for stub in self._stubs if hasattr(stub, method))
        end = time.monotonic() + KNOWN_SECONDS
        while True:
            try:
                return getattr(stub, method)(
                    request, timeout=10, metadata=(("authorization", f"Bearer {self._token(OFFICER)}"),)
                )
            except grpc.RpcError as error:
                if error.code() is grpc.StatusCode.ALREADY_EXISTS:
                    return None
                waits = method == "ScheduleSession" and time.monotonic() < end
                if not waits:
                    raise NotSeeded(f"{method}: {error.code().name} {error.details()}") from None
                time.sleep(0.5)


def sessions(channel: grpc.Channel, token: Token) -> None:
    """Put them in."""
    training = Training(channel, token)
    today = datetime.now(ZoneInfo("Asia/Dhaka")).date()
    held = _schedule(training, "held", course="courses/harassment-prevention", days=[_day(today)])
    _enrol(training, held, NAMES[:6])
    _close(training, held, today)
    coming = [_day(today + timedelta(days=after)) for after in (7, 8, 9)]
    to_come = _schedule(training, "to-come", course="courses/sst", days=coming, capacity=3)
    _enrol(training, to_come, NAMES[2:7], role=heads.PARTICIPANT_ROLE_SUPERVISOR)
    seminar = _schedule(
        training,
        "seminar",
        course="courses/industry-seminar",
        factory="",
        invited_factories=["factories/bd-1001", "factories/bd-1002"],
        place="Hall of the employers' association, Dhaka",
        days=[_day(today + timedelta(days=21))],
    )
    union = people.Employer(kind=people.EMPLOYER_KIND_UNION, organisation="Garment workers' union, Dhaka")
    role = heads.PARTICIPANT_ROLE_UNION_REPRESENTATIVE
    _enrol(training, seminar, NAMES[7:], role=role, employer=union)


def _schedule(training: Training, key: str, **changes: Any) -> str:
    session = request_id("session", key)
    trainer = next(person.sub for person in directory().people if person.key == OFFICER)
    values: dict[str, Any] = {
        "session_id": session,
        "country": "BD",
        "factory": "factories/bd-1001",
        "place": "Training room on the ground floor",
        "trainers": [trainer],
        "request_id": request_id("schedule session", key),
    }
    training.call(scheduling.ScheduleSessionRequest(**(values | changes)))
    return f"sessions/{session}"


def _enrol(training: Training, name: str, names: tuple[str, ...], **changes: Any) -> None:
    values: dict[str, Any] = {
        "role": heads.PARTICIPANT_ROLE_WORKER,
        "employer": people.Employer(kind=people.EMPLOYER_KIND_FACTORY, factory="factories/bd-1001"),
    }
    rows = [
        enrolment.NewParticipant(
            participant_id=request_id(name, each),
            full_name=each,
            sex=heads.SEX_MALE if each in MEN else heads.SEX_FEMALE,
            **(values | changes),
        )
        for each in names
    ]
    training.call(
        enrolment.EnrolParticipantsRequest(
            parent=name, participants=rows, waiting_list=True, request_id=request_id("enrol", name)
        )
    )


def _close(training: Training, name: str, day: date) -> None:
    """Everybody but one was there; those get certificates. A session of an earlier day is left as it is."""
    if _day(day) not in training.call(GetSessionRequest(name=name)).session.days:
        return
    now = datetime.now(UTC)
    attended = recording.AttendanceOperation(operation_id=request_id("attendance", name), day=_day(day))
    attended.everybody.absent_participant_ids.append(request_id(name, NAMES[4]))
    attended.record_time.FromDatetime(now)
    request = recording.RecordAttendanceRequest(
        parent=name, operations=[attended], request_id=request_id("record attendance", name)
    )
    complete = CompleteSessionRequest(name=name, request_id=request_id("complete", name))
    issue = certificates.IssueCertificatesRequest(parent=name, request_id=request_id("issue", name))
    for step in (request, complete, issue):
        training.call(step)


def _day(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)
