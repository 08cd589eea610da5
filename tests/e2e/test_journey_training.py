"""Training that counts: from a finding to a course, a certificate that anybody can verify, and what came of it.

Outcomes are recorded at once here, since moving the clock months ahead would disturb every other journey on this stack;
that they are asked for months later is tried in the service's own tests.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import grpc
import pytest
from google.type.date_pb2 import Date

from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from amplify.training.v1 import certificate_service_pb2 as certificates
from amplify.training.v1 import enrolment_pb2 as enrolment
from amplify.training.v1 import head_count_pb2 as heads
from amplify.training.v1 import participant_pb2 as people
from amplify.training.v1 import participant_service_pb2 as participants
from amplify.training.v1 import recommendation_pb2, summary_pb2
from amplify.training.v1 import recommendation_service_pb2 as recommendations
from amplify.training.v1 import recording_pb2 as recording
from amplify.training.v1 import scheduling_pb2 as scheduling
from amplify.training.v1 import session_service_pb2 as sessions
from amplify.training.v1.certificate_pb2 import CERTIFICATE_STATE_VALID
from amplify.training.v1.certificate_service_pb2_grpc import CertificateServiceStub
from amplify.training.v1.participant_service_pb2_grpc import ParticipantServiceStub
from amplify.training.v1.recommendation_service_pb2_grpc import RecommendationServiceStub
from amplify.training.v1.session_service_pb2_grpc import SessionServiceStub
from local_stack.people import directory
from local_stack.platform import Platform
from local_stack.waiting import wait_until

from .world import Team

pytestmark = pytest.mark.stack
FACTORY, OTHER = "bd-1011", "bd-1012"
OPEN, MET = recommendation_pb2.RECOMMENDATION_STATE_OPEN, recommendation_pb2.RECOMMENDATION_STATE_MET
STUBS = (SessionServiceStub, ParticipantServiceStub, CertificateServiceStub, RecommendationServiceStub)


class Training:
    """Training, as anybody of the people file calls it."""

    def __init__(self, stack: Platform) -> None:
        self._stack = stack
        self._channel = grpc.insecure_channel(stack.addresses["training"])
        self._stubs = [stub(self._channel) for stub in STUBS]

    def call(self, person: str, request: Any) -> Any:
        """Call the RPC that takes such a request."""
        method = type(request).__name__.removesuffix("Request")
        stub = next(stub for stub in self._stubs if hasattr(stub, method))
        token = self._stack.token(person)
        return getattr(stub, method)(request, metadata=[("authorization", f"Bearer {token}")], timeout=30)

    def refused(self, person: str, request: Any) -> str:
        """The code with which a call is refused."""
        with pytest.raises(grpc.RpcError) as refusal:
            self.call(person, request)
        error: Any = refusal.value
        return str(error.code().name)

    def close(self) -> None:
        """Hang up."""
        self._channel.close()


@pytest.fixture(scope="module")
def training(stack: Platform) -> Iterator[Training]:
    """The service."""
    made = Training(stack)
    yield made
    made.close()


def today(offset: int = 0) -> Date:
    """A calendar day in Dhaka."""
    day: date = (datetime.now(ZoneInfo("Asia/Dhaka")) + timedelta(days=offset)).date()
    return Date(year=day.year, month=day.month, day=day.day)


def now(operation: Any) -> Any:
    """An operation that is written down at this moment."""
    operation.operation_id = str(uuid4())
    operation.record_time.FromDatetime(datetime.now(ZoneInfo("UTC")))
    return operation


def worker(name: str, sex: Any = heads.SEX_FEMALE, factory: str = FACTORY) -> enrolment.NewParticipant:
    """Somebody who works in a factory."""
    return enrolment.NewParticipant(
        participant_id=str(uuid4()),
        full_name=name,
        sex=sex,
        role=heads.PARTICIPANT_ROLE_WORKER,
        employer=people.Employer(kind=people.EMPLOYER_KIND_FACTORY, factory=f"factories/{factory}"),
    )


def from_elsewhere(name: str, role: Any, kind: Any, organisation: str) -> enrolment.NewParticipant:
    """Somebody who works in no factory."""
    row = worker(name)
    row.role = role
    row.employer.CopyFrom(people.Employer(kind=kind, organisation=organisation))
    return row


def schedule(training: Training, course: str, factory: str = FACTORY, **more: Any) -> str:
    """Schedule a session of one day, today; its name."""
    trainer = next(one.sub for one in directory().people if one.key == "training-officer")
    values: dict[str, Any] = {
        "session_id": str(uuid4()),
        "course": f"courses/{course}",
        "country": "BD",
        "factory": f"factories/{factory}" if factory else "",
        "place": "Training room on the ground floor",
        "days": [today()],
        "trainers": [trainer],
        "request_id": str(uuid4()),
    }
    request = scheduling.ScheduleSessionRequest(**(values | more))
    return str(training.call("training-officer", request).session.name)


def enrol(training: Training, name: str, *rows: enrolment.NewParticipant) -> Any:
    """Enrol people; whoever finds no place waits."""
    request = enrolment.EnrolParticipantsRequest(
        parent=name, participants=rows, waiting_list=True, request_id=str(uuid4())
    )
    return training.call("training-officer", request)


def attend(training: Training, name: str, *absent: str) -> None:
    """Everybody was there today but some."""
    operation = now(recording.AttendanceOperation(day=today()))
    operation.everybody.absent_participant_ids.extend(absent)
    request = recording.RecordAttendanceRequest(parent=name, operations=[operation], request_id=str(uuid4()))
    training.call("training-officer", request)


def complete(training: Training, name: str) -> Any:
    """Close a session."""
    return training.call(
        "training-officer", sessions.CompleteSessionRequest(name=name, request_id=str(uuid4()))
    ).session


def recommended(training: Training, factory: str, state: Any) -> list[Any]:
    """What is recommended to a factory and stands so."""
    request = recommendations.ListRecommendationsRequest(factory=f"factories/{factory}", state=state)
    return list(training.call("training-officer", request).recommendations)


def told(stack: Platform, factory: str) -> set[str]:
    """The kinds of facts that a factory's timeline tells."""
    with grpc.insecure_channel(stack.addresses["programme"]) as channel:
        entries = TimelineServiceStub(channel).ListTimelineEntries(
            ListTimelineEntriesRequest(parent=f"factories/{factory}", page_size=100),
            metadata=(("authorization", f"Bearer {stack.token('country-manager-bd')}"),),
            timeout=30,
        )
    return {entry.event.rsplit(".", 1)[-1] for entry in entries.timeline_entries}


def test_from_a_finding_to_an_outcome(stack: Platform, team: Team, training: Training) -> None:
    # A report finds something, and courses that answer it are recommended to the factory.
    team.release(FACTORY)
    found = wait_until(lambda: recommended(training, FACTORY, OPEN), 120)
    course = found[0].course.split("/")[1]

    # The officer schedules the course with two places; of four people two wait, and one moves up when another goes.
    name = schedule(training, course, capacity=2)
    rows = [worker("Shila Akter"), worker("Moni Begum"), worker("Rahim Uddin", heads.SEX_MALE), worker("Jui Khatun")]
    assert len(enrol(training, name, *rows).waiting_participant_ids) == 2
    gone = enrolment.WithdrawParticipantRequest(
        name=f"{name}/participants/{rows[0].participant_id}",
        reason=people.WITHDRAW_REASON_ABSENCE,
        request_id=str(uuid4()),
    )
    assert len(training.call("training-officer", gone).promoted_participant_ids) == 1

    # Attendance, tests before and after, and who completed it.
    attend(training, name)
    listed = training.call("training-officer", participants.ListParticipantsRequest(parent=name)).participants
    present = [one for one in listed if one.attendance]
    assert [one.attendance[0].present for one in present] == [True, True]
    scores = [
        now(recording.TestScoreOperation(participant_id=one.name.rsplit("/", 1)[1], kind=kind, score=score))
        for one in present
        for kind, score in ((people.TEST_KIND_PRE, 9), (people.TEST_KIND_POST, 16))
    ]
    request = recording.RecordTestScoresRequest(parent=name, operations=scores, request_id=str(uuid4()))
    assert training.call("training-officer", request).changed_count == 4
    assert sum(one.count for one in complete(training, name).completed) == 2

    # A certificate that anybody with its number can verify, and that names nobody.
    issue = certificates.IssueCertificatesRequest(parent=name, request_id=str(uuid4()))
    assert training.call("training-officer", issue).issued_count == 2
    held = training.call("training-officer", certificates.ListCertificatesRequest(session=name)).certificates[0]
    asked = certificates.VerifyCertificateRequest(number=held.name.split("/")[1], holder_name=held.holder_name)
    answer = training.call("buyer", asked)
    assert (answer.state, answer.holder_confirmed) == (CERTIFICATE_STATE_VALID, True)
    assert held.holder_name not in str(answer)

    # The recommendation is met, and the factory's timeline tells all of it in one place.
    met = wait_until(lambda: [one for one in recommended(training, FACTORY, MET) if one.session == name], 120)
    assert met[0].course == f"courses/{course}"
    wanted = {"ReportReleased", "CourseRecommended", "SessionScheduled", "SessionCompleted", "CourseRecommendationMet"}
    wait_until(lambda: wanted <= told(stack, FACTORY), 120)


def test_a_session_for_the_whole_industry(training: Training) -> None:
    name = schedule(training, "industry-seminar", "", invited_factories=[f"factories/{FACTORY}"])
    kinds = (
        (heads.PARTICIPANT_ROLE_UNION_REPRESENTATIVE, people.EMPLOYER_KIND_UNION, "Garment workers' union"),
        (heads.PARTICIPANT_ROLE_INSPECTOR, people.EMPLOYER_KIND_INSPECTORATE, "Inspectorate of labour"),
        (heads.PARTICIPANT_ROLE_BRAND_STAFF, people.EMPLOYER_KIND_BRAND, "North Sea Apparel"),
    )
    rows = [from_elsewhere(f"Guest {number}", *kind) for number, kind in enumerate(kinds)]
    enrol(training, name, worker("Nila Das", factory=OTHER), *rows)
    attend(training, name)
    assert {one.role for one in complete(training, name).completed} == {
        heads.PARTICIPANT_ROLE_WORKER,
        *(role for role, _, _ in kinds),
    }


def test_what_came_of_it_is_counted_by_sex(training: Training) -> None:
    name = schedule(training, "gear", OTHER)
    rows = [worker("Rupa Sarker", factory=OTHER), worker("Tania Islam", factory=OTHER)]
    enrol(training, name, *rows)
    attend(training, name)
    assert complete(training, name).outcomes_missing_count == 2
    ids = [row.participant_id for row in rows]
    told_of = [
        recording.OutcomeOperation(participant_id=ids[0], promoted=True),
        recording.OutcomeOperation(participant_id=ids[1], promoted=False),
        recording.OutcomeOperation(participant_id=ids[0], pay_change_permille=390),
        recording.OutcomeOperation(participant_id=ids[0], line_efficiency_change_permille=45),
    ]
    request = recording.RecordOutcomesRequest(
        parent=name, operations=[now(one) for one in told_of], request_id=str(uuid4())
    )
    assert training.call("training-officer", request).session.outcomes_missing_count == 1
    asked = summary_pb2.ListTrainingSummariesRequest(
        row=summary_pb2.SUMMARY_ROW_FACTORY, factory=f"factories/{OTHER}", course="courses/gear"
    )
    answer = training.call("programme-officer", asked)
    (women,) = answer.summaries[0].cells
    assert (women.sex, women.promotion_known, women.promoted) == (heads.SEX_FEMALE, 2, 1)
    assert women.mean_pay_change_permille == 390
    assert "promoted" in answer.formulas


def test_names_are_for_few(training: Training) -> None:
    name = schedule(training, "osh", "bd-1001")
    enrol(training, name, worker("Sumi Paul", factory="bd-1001"), worker("Keya Roy", factory=OTHER))
    listing = participants.ListParticipantsRequest(parent=name)
    assert len(training.call("training-officer", listing).participants) == 2
    assert [one.full_name for one in training.call("factory-manager-bd", listing).participants] == ["Sumi Paul"]
    for person in ("programme-officer", "finance-officer", "buyer", "financier", "ministry", "sre"):
        assert training.refused(person, listing) == "PERMISSION_DENIED"
    assert training.refused("factory-manager-jo", listing) == "NOT_FOUND"
    over = enrolment.EnrolParticipantsRequest(
        parent=name, participants=[worker(f"Person {number}") for number in range(40)], request_id=str(uuid4())
    )
    assert training.refused("training-officer", over) == "FAILED_PRECONDITION", "more people than places"
