"""Everybody of a session is seen, however many pages they fill, and recorded as the officer saw them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.type.date_pb2 import Date

from amplify.training.v1 import participant_service_pb2 as pb
from amplify.training.v1.participant_pb2 import DayAttendance, Participant
from amplify.training.v1.participant_service_pb2_grpc import (
    ParticipantServiceServicer,
    add_ParticipantServiceServicer_to_server,
)
from console.clients.channel import Line, connect
from console.clients.training import Training
from console.pages.attendance.view import MOST, operations

PEOPLE = 1203
DAY = Date(year=2026, month=3, day=2)


class Session(ParticipantServiceServicer):
    """One session with many people, as training pages them."""

    def ListParticipants(
        self, request: pb.ListParticipantsRequest, context: grpc.ServicerContext
    ) -> pb.ListParticipantsResponse:
        """A page; its token is the number of the first one behind it."""
        first = int(request.page_token or 0)
        last = min(first + request.page_size, PEOPLE)
        names = [Participant(name=f"sessions/one/participants/{number}") for number in range(first, last)]
        token = str(last) if last < PEOPLE else ""
        return pb.ListParticipantsResponse(participants=names, next_page_token=token, total_size=PEOPLE)


@pytest.fixture
def training() -> Iterator[Training]:
    """The console's client, connected to it."""
    server = grpc.server(ThreadPoolExecutor(2))
    add_ParticipantServiceServicer_to_server(Session(), server)  # type: ignore[abstract] # the others answer UNIMPLEMENTED
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    channel = connect(f"127.0.0.1:{port}")
    yield Training(channel, Line("training", "token", 60))
    channel.close()
    server.stop(None)


def test_everybody_is_everybody(training: Training) -> None:
    found = training.everybody("one")
    assert len({person.name for person in found.participants}) == PEOPLE
    assert not found.next_page_token


def test_whoever_is_ticked_off_on_a_fresh_day_is_absent_be_they_the_last_one(training: Training) -> None:
    people = training.everybody("one").participants
    present = {str(number) for number in range(PEOPLE - 1)}
    (operation,) = operations(people, DAY, present)
    assert list(operation.everybody.absent_participant_ids) == [str(PEOPLE - 1)]


def test_more_absentees_than_a_request_may_name_are_recorded_one_by_one(training: Training) -> None:
    people = training.everybody("one").participants
    made = operations(people, DAY, {"0"})
    assert len(made) == PEOPLE > MOST
    assert [one.one.participant_id for one in made if one.one.present] == ["0"]


def test_on_a_day_with_entries_only_changes_are_recorded(training: Training) -> None:
    people = training.everybody("one").participants
    for person in people:
        person.attendance.append(DayAttendance(day=DAY, present=True))
    (operation,) = operations(people, DAY, {str(number) for number in range(1, PEOPLE)})
    assert (operation.one.participant_id, operation.one.present) == ("0", False)
