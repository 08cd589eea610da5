"""Recording a day's attendance of 500 people in one call, against the same writes in a bare pymongo transaction."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import grpc
from google.type.date_pb2 import Date
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised
from amplify.training.v1 import enrolment_pb2, head_count_pb2, participant_pb2, recording_pb2, scheduling_pb2
from amplify.training.v1.participant_service_pb2_grpc import ParticipantServiceStub
from amplify.training.v1.session_service_pb2_grpc import SessionServiceStub
from bench.measuring import Comparison, Stretch, compare, measured
from bench.serving import called
from bench.stack import Stack, apart
from chassis.consumer import Message
from chassis.database import Row, client, db
from chassis.service import configure, migrate
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work
from chassis.view import applying
from training.__main__ import service as compose

PEOPLE = 500
SESSIONS = 20
WARM_UP = 3
ROUNDS = 2
OFFICER, TRAINER = (str(uuid.UUID(int=number)) for number in (7, 8))


def run(stack: Stack) -> list[Comparison]:
    """Rate and CPU of whole calls, each for another session."""
    sides = [apart(measure, stack) for _ in range(ROUNDS)]
    ours, bare = [one for one, _ in sides], [other for _, other in sides]
    what = f"attendance of {PEOPLE} people, 1 client"
    cpu = f"{what}, CPU of all processes"
    return [
        compare(what, (one.rate for one in ours), (one.rate for one in bare), "calls/s"),
        compare(cpu, (one.cpu_ms for one in ours), (one.cpu_ms for one in bare), "ms"),
    ]


def measure(stack: Stack) -> tuple[Stretch, Stretch]:
    """Both sides in turn: the service's process answers real calls, then this process writes the same documents."""
    settings = stack.settings()
    with _serving(settings) as (pid, sessions):
        for session in sessions.ids[:WARM_UP]:
            sessions.attend(session)
        with measured(SESSIONS, pid, stack.mongod) as ours:
            for session in sessions.ids[WARM_UP:]:
                sessions.attend(session)
        image = _Image(sessions.ids[0])
        copies = image.prepare(SESSIONS + WARM_UP)
        for copy in copies[:WARM_UP]:
            image.write(copy)
        with measured(SESSIONS, stack.mongod) as bare:
            for copy in copies[WARM_UP:]:
                image.write(copy)
    return ours, bare


class Sessions:
    """Sessions of today with 500 people each, and what an officer does at the end of the day."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._sessions, self._people = SessionServiceStub(channel), ParticipantServiceStub(channel)
        self.ids = [self._schedule() for _ in range(SESSIONS + WARM_UP)]

    def attend(self, session: str) -> None:
        """Everybody was there."""
        operation = recording_pb2.AttendanceOperation(operation_id=str(uuid.uuid4()), day=_contract(_today()))
        operation.everybody.SetInParent()
        operation.record_time.FromDatetime(datetime.now(UTC))
        request = recording_pb2.RecordAttendanceRequest(
            parent=f"sessions/{session}", operations=[operation], request_id=str(uuid.uuid4())
        )
        answer = self._people.RecordAttendance(request)
        assert answer.changed_count == PEOPLE

    def _schedule(self) -> str:
        session = str(uuid.uuid4())
        self._sessions.ScheduleSession(
            scheduling_pb2.ScheduleSessionRequest(
                session_id=session,
                course="courses/industry-seminar",
                country="BD",
                place="Hall",
                days=[_contract(_today())],
                trainers=[TRAINER],
                capacity=PEOPLE,
                request_id=str(uuid.uuid4()),
            )
        )
        union = participant_pb2.Employer(kind=participant_pb2.EMPLOYER_KIND_UNION, organisation="Union")
        people = [
            enrolment_pb2.NewParticipant(
                participant_id=str(uuid.uuid4()),
                full_name=f"Person {number}",
                sex=head_count_pb2.SEX_FEMALE if number % 2 else head_count_pb2.SEX_MALE,
                role=head_count_pb2.PARTICIPANT_ROLE_WORKER,
                employer=union,
            )
            for number in range(PEOPLE)
        ]
        request = enrolment_pb2.EnrolParticipantsRequest(
            parent=f"sessions/{session}", participants=people, request_id=str(uuid.uuid4())
        )
        assert self._people.EnrolParticipants(request).enrolled_count == PEOPLE
        return session


class _Image:
    """What one call left in the database, to be written again for other sessions."""

    def __init__(self, session: str) -> None:
        root = db().sessions.find_one({"_id": session})
        fact = db().facts.find_one({"key": session, "type": {"$regex": "AttendanceRecorded$"}})
        answer = db().requests.find_one({"_id": {"$regex": "/RecordAttendance/"}})
        assert root is not None
        assert fact is not None
        assert answer is not None
        self._root, self._fact, self._answer = root, fact, answer
        self._people: list[Row] = list(db().participants.find({"session_id": session}))

    def prepare(self, count: int) -> list[str]:
        """Sessions with people and without attendance."""
        ids = [str(uuid.uuid4()) for _ in range(count)]
        for session in ids:
            db().sessions.insert_one(self._root | {"_id": session})
            rows = [
                {name: value for name, value in row.items() if name != "attendance"}
                | {"_id": f"{session}/{row['participant_id']}", "session_id": session}
                for row in self._people
            ]
            db().participants.insert_many(rows)
        return ids

    def write(self, session: str) -> None:
        """One transaction: the same entry for 500 people, the root, the fact, and the answer kept for a retry."""
        unique = str(uuid.uuid4())
        fact = self._fact | {"_id": f"bare/{session}", "key": session, "event_id": unique}
        ids = [f"{session}/{row['participant_id']}" for row in self._people]
        entries = {f"attendance.{day}": entry for day, entry in self._people[0]["attendance"].items()}
        counts = {"open_days": [], "attended_days": self._root["attended_days"], "version": self._root["version"] + 1}
        with client().start_session() as one:
            one.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority"))
            db().participants.update_many({"_id": {"$in": ids}}, {"$set": entries}, session=one)
            db().sessions.update_one({"_id": session}, {"$set": counts}, session=one)
            db().facts.insert_one(fact, session=one)
            db().requests.insert_one(self._answer | {"_id": unique}, session=one)
            one.commit_transaction()


@contextmanager
def _serving(settings: Settings) -> Iterator[tuple[int, Sessions]]:
    """The service in a process of its own, and sessions that wait for their attendance."""
    _prepare(settings)
    with called("training", settings, OFFICER, "training-officer") as (pid, channel, _):
        yield pid, Sessions(channel)


def _prepare(settings: Settings) -> None:
    """Indexes, the catalogue, and what programme would have told of its country."""
    service = compose()
    configure(service, settings)
    migrate(service)
    fact = CountryProgrammeRevised(country="BD", time_zone="Asia/Dhaka")
    no_message: Any = Message

    def work() -> None:
        for consumer in service.consumers:
            for handler in consumer.handlers(fact.DESCRIPTOR.full_name, live=True):
                handler(fact, no_message)

    with applying(1):
        unit_of_work(work)


def _today() -> date:
    return (datetime.now(UTC) + timedelta(hours=6)).date()


def _contract(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)
