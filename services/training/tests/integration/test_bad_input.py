"""Whatever is wrong with a call: a clear error naming field and reason, and nothing changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from google.type.date_pb2 import Date

from amplify.training.v1 import certificate_pb2, participant_pb2, session_pb2
from amplify.training.v1 import certificate_service_pb2 as certificates_pb2
from amplify.training.v1 import recording_pb2 as recording
from amplify.training.v1 import scheduling_pb2 as scheduling
from amplify.training.v1.enrolment_pb2 import WithdrawParticipantRequest
from amplify.training.v1.session_service_pb2 import CompleteSessionRequest
from chassis import clock

from .world import (
    OFFICER,
    OFFICER_KH,
    Refused,
    World,
    attendance_request,
    day,
    enrol_request,
    everybody,
    new_id,
    newcomer,
    one,
    other_employer,
    outcome,
    schedule_request,
    score,
)

pytestmark = pytest.mark.stack
P = participant_pb2
Refuse = Callable[..., Refused]
NOBODY = new_id()


def update(name: str, *paths: str, **values: Any) -> scheduling.UpdateSessionRequest:
    """A request to change a session."""
    request = scheduling.UpdateSessionRequest(name=name, request_id=new_id(), **values)
    request.update_mask.paths.extend(paths)
    return request


@pytest.mark.parametrize(
    ("changes", "code", "fields"),
    [
        ({"days": [day(-1)]}, "INVALID_ARGUMENT", {"days[0]": "SESSION_DAYS_INVALID"}),
        ({"days": [day(2), day(1)]}, "INVALID_ARGUMENT", {"days[1]": "SESSION_DAYS_INVALID"}),
        ({"days": [day(1), day(1)]}, "INVALID_ARGUMENT", {"days[1]": "SESSION_DAYS_INVALID"}),
        ({"days": [day(900)]}, "INVALID_ARGUMENT", {"days[0]": "SESSION_DAYS_INVALID"}),
        ({"days": [Date(year=2026, month=2, day=30)]}, "INVALID_ARGUMENT", {"days[0]": "INVALID_FIELD"}),
        ({"days": []}, "INVALID_ARGUMENT", {"days": "INVALID_FIELD"}),
        ({"capacity": -1}, "INVALID_ARGUMENT", {"capacity": "INVALID_FIELD"}),
        ({"capacity": 1001}, "INVALID_ARGUMENT", {"capacity": "INVALID_FIELD"}),
        ({"course": "courses/no-such"}, "INVALID_ARGUMENT", {"course": "COURSE_UNKNOWN"}),
        ({"factory": "factories/bd-9999"}, "INVALID_ARGUMENT", {"factory": "TRAINING_FACTORY_UNKNOWN"}),
        ({"factory": "factories/jo-4001"}, "INVALID_ARGUMENT", {"factory": "TRAINING_FACTORY_UNKNOWN"}),
        ({"factory": "factories/bd-1004"}, "FAILED_PRECONDITION", {"factory": "TRAINING_FACTORY_NOT_ACTIVE"}),
        ({"factory": "factories/bd-1005"}, "FAILED_PRECONDITION", {"factory": "TRAINING_FACTORY_NOT_ACTIVE"}),
        (
            {"invited_factories": ["factories/bd-1002", "factories/bd-1004"]},
            "FAILED_PRECONDITION",
            {"invited_factories[1]": "TRAINING_FACTORY_NOT_ACTIVE"},
        ),
        ({"trainers": []}, "INVALID_ARGUMENT", {"trainers": "INVALID_FIELD"}),
        ({"place": ""}, "INVALID_ARGUMENT", {"place": "INVALID_FIELD"}),
        ({"session_id": "17"}, "INVALID_ARGUMENT", {"session_id": "INVALID_FIELD"}),
    ],
)
def test_scheduling(refuse: Refuse, changes: dict[str, Any], code: str, fields: dict[str, str]) -> None:
    refused = refuse(OFFICER, schedule_request(**changes))
    assert (refused.code, refused.fields) == (code, fields)


def test_a_session_over_its_capacity(world: World, refuse: Refuse, held: tuple[str, list[str]]) -> None:
    name, _ = held
    refused = refuse(OFFICER, enrol_request(name, [newcomer(), newcomer()]))
    wanted = {"participants[0]": "SESSION_OVER_CAPACITY", "participants[1]": "SESSION_OVER_CAPACITY"}
    assert (refused.code, refused.reason, refused.fields) == ("FAILED_PRECONDITION", "SESSION_OVER_CAPACITY", wanted)
    refused = refuse(OFFICER, update(name, "capacity", capacity=1))
    assert refused.fields == {"capacity": "SESSION_OVER_CAPACITY"}


def test_rows_of_an_enrolment_are_all_named(world: World, refuse: Refuse, held: tuple[str, list[str]]) -> None:
    name, people = held
    at = clock.now() + timedelta(hours=1)
    early = newcomer()
    early.enrol_time.FromDatetime(at)
    twice = newcomer()
    rows = [
        newcomer(participant_id=people[0], full_name="Somebody Else"),
        newcomer(employer=other_employer(P.EMPLOYER_KIND_FACTORY, "A factory by name")),
        newcomer(employer=P.Employer(kind=P.EMPLOYER_KIND_UNION, factory="factories/bd-1001")),
        newcomer(employer=P.Employer(kind=P.EMPLOYER_KIND_FACTORY, factory="factories/bd-1001", organisation="x")),
        early,
        twice,
        twice,
    ]
    assert refuse(OFFICER, enrol_request(name, rows)).fields == {
        "participants[0].participant_id": "PARTICIPANT_ID_REUSED",
        "participants[1].employer": "EMPLOYER_INVALID",
        "participants[2].employer": "EMPLOYER_INVALID",
        "participants[3].employer": "EMPLOYER_INVALID",
        "participants[4].enrol_time": "RECORD_TIME_INVALID",
        "participants[6].participant_id": "PARTICIPANT_ID_REUSED",
    }
    unknown = newcomer(employer=P.Employer(kind=P.EMPLOYER_KIND_FACTORY, factory="factories/jo-4001"))
    assert refuse(OFFICER, enrol_request(name, [newcomer(), unknown])).fields == {
        "participants[1].employer.factory": "TRAINING_FACTORY_UNKNOWN"
    }
    for wrong, path in (
        ({"full_name": ""}, "full_name"),
        ({"full_name": "   "}, "full_name"),
        ({"sex": 0}, "sex"),
        ({"role": 99}, "role"),
        ({"participant_id": "x"}, "participant_id"),
    ):
        refused = refuse(OFFICER, enrol_request(name, [newcomer(**wrong)]))
        assert refused.fields == {f"participants[0].{path}": "INVALID_FIELD"}


def test_attendance_that_cannot_be(world: World, refuse: Refuse, held: tuple[str, list[str]]) -> None:
    name, people = held
    now = clock.now()
    for operation, fields in (
        (everybody(day(1)), {"operations[0].day": "DAY_IN_FUTURE"}),
        (everybody(day(5)), {"operations[0].day": "DAY_NOT_OF_SESSION"}),
        (everybody(day(-1)), {"operations[0].day": "DAY_NOT_OF_SESSION"}),
        (one(day(0), NOBODY, True), {"operations[0].one.participant_id": "PARTICIPANT_NOT_ENROLLED"}),
        (everybody(day(0), (NOBODY,)), {"operations[0].everybody.absent_participant_ids": "PARTICIPANT_NOT_ENROLLED"}),
        (one(day(0), people[0], True, now + timedelta(hours=1)), {"operations[0].record_time": "RECORD_TIME_INVALID"}),
        (one(day(0), people[0], True, now - timedelta(days=2)), {"operations[0].record_time": "RECORD_TIME_INVALID"}),
    ):
        refused = refuse(OFFICER, attendance_request(name, [one(day(0), people[1], True), operation]))
        shifted = {field.replace("[0]", "[1]"): reason for field, reason in fields.items()}
        assert (refused.code, refused.fields) == ("INVALID_ARGUMENT", shifted)
    nobody = recording.AttendanceOperation(operation_id=new_id(), day=day(0))
    nobody.record_time.FromDatetime(now)
    assert refuse(OFFICER, attendance_request(name, [nobody])).fields == {"operations[0].whom": "INVALID_FIELD"}


def test_an_operation_id_used_for_something_else(world: World, refuse: Refuse) -> None:
    name = world.schedule(days=[day(0)])
    people = world.enrol(name, 2)
    first = one(day(0), people[0], True)
    world.call(OFFICER, attendance_request(name, [first]))
    other = one(day(0), people[0], False)
    other.operation_id = first.operation_id
    reused = {"operations[0].operation_id": "TRAINING_OPERATION_ID_REUSED"}
    assert refuse(OFFICER, attendance_request(name, [other])).fields == reused
    twice = [one(day(0), people[1], True), one(day(0), people[0], True)]
    twice[1].operation_id = twice[0].operation_id
    reused = {"operations[1].operation_id": "TRAINING_OPERATION_ID_REUSED"}
    assert refuse(OFFICER, attendance_request(name, twice)).fields == reused


def test_closing_too_early_or_without_attendance(world: World, refuse: Refuse, held: tuple[str, list[str]]) -> None:
    name, _ = held
    request = CompleteSessionRequest(name=name, request_id=new_id())
    assert refuse(OFFICER, request).reason == "SESSION_NOT_OVER"
    today = world.schedule(days=[day(0)])
    request = CompleteSessionRequest(name=today, request_id=new_id())
    assert refuse(OFFICER, request).reason == "SESSION_WRONG_STATE", "nobody has a place"
    people = world.enrol(today, 2)
    world.call(OFFICER, attendance_request(today, [one(day(0), people[0], True)]))
    refused = refuse(OFFICER, CompleteSessionRequest(name=today, request_id=new_id()))
    assert refused.fields == {f"participants.{people[1]}": "SESSION_ATTENDANCE_MISSING"}


def test_verbs_of_a_closed_session(world: World, refuse: Refuse, closed: tuple[str, list[str]]) -> None:
    name, people = closed
    wrong = [
        CompleteSessionRequest(name=name, request_id=new_id()),
        scheduling.CancelSessionRequest(
            name=name, reason=session_pb2.SESSION_CANCEL_REASON_UNSAFE, request_id=new_id()
        ),
        scheduling.RescheduleSessionRequest(name=name, days=[day(3)], request_id=new_id()),
        update(name, "capacity", capacity=9),
        enrol_request(name, [newcomer()]),
        attendance_request(name, [one(day(0), people[0], True)]),
        WithdrawParticipantRequest(
            name=f"{name}/participants/{people[0]}", reason=P.WITHDRAW_REASON_ABSENCE, request_id=new_id()
        ),
    ]
    for request in wrong:
        refused = refuse(OFFICER, request)
        assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "SESSION_WRONG_STATE"), type(request)


def test_a_session_that_somebody_attended_stays(world: World, refuse: Refuse) -> None:
    name = world.schedule(days=[day(0), day(1)])
    world.enrol(name, 1)
    world.attend(name, day(0))
    cancel = scheduling.CancelSessionRequest(
        name=name, reason=session_pb2.SESSION_CANCEL_REASON_UNSAFE, request_id=new_id()
    )
    assert refuse(OFFICER, cancel).reason == "SESSION_WRONG_STATE"
    move = scheduling.RescheduleSessionRequest(name=name, days=[day(1), day(2)], request_id=new_id())
    assert refuse(OFFICER, move).reason == "SESSION_WRONG_STATE"
    past = scheduling.RescheduleSessionRequest(name=name, days=[day(-2), day(0)], request_id=new_id())
    assert refuse(OFFICER, past).fields == {"days[0]": "SESSION_DAYS_INVALID"}
    stale = scheduling.RescheduleSessionRequest(name=name, days=[day(0)], etag='"1"', request_id=new_id())
    assert refuse(OFFICER, stale).reason == "STALE_ETAG"


def test_masks_that_cannot_be(refuse: Refuse, held: tuple[str, list[str]]) -> None:
    name, _ = held
    for request, field in (
        (update(name), "update_mask"),
        (update(name, "state"), "update_mask"),
        (update(name, "place"), "place"),
        (update(name, "capacity"), "capacity"),
    ):
        assert refuse(OFFICER, request).fields == {field: "INVALID_FIELD"}


def test_scores_that_cannot_be(refuse: Refuse, closed: tuple[str, list[str]]) -> None:
    name, people = closed
    late = clock.now() + timedelta(hours=1)
    for operation, field, reason in (
        (score(people[0], P.TEST_KIND_PRE, 21), "score", "SCORE_OUT_OF_RANGE"),
        (score(people[0], P.TEST_KIND_PRE, -1), "score", "INVALID_FIELD"),
        (score(NOBODY, P.TEST_KIND_PRE, 5), "participant_id", "PARTICIPANT_NOT_ENROLLED"),
        (score(people[0], P.TEST_KIND_PRE, 5, late), "record_time", "RECORD_TIME_INVALID"),
        (score(people[0], 0, 5), "kind", "INVALID_FIELD"),
    ):
        request = recording.RecordTestScoresRequest(parent=name, operations=[operation], request_id=new_id())
        assert refuse(OFFICER, request).fields == {f"operations[0].{field}": reason}


def test_outcomes_that_cannot_be(refuse: Refuse, held: tuple[str, list[str]], closed: tuple[str, list[str]]) -> None:
    name, people = closed
    for operation, field, reason in (
        (outcome(people[0], promoted=True), "participant_id", "PARTICIPANT_NOT_COMPLETED"),
        (outcome(people[1], pay_change_permille=10), "pay_change_permille", "OUTCOME_NOT_ASKED"),
        (outcome(people[1], line_efficiency_change_permille=-1001), "line_efficiency_change_permille", "INVALID_FIELD"),
        (outcome(people[1], clock.now() + timedelta(days=1), promoted=True), "record_time", "RECORD_TIME_INVALID"),
        (outcome(people[1]), "value", "INVALID_FIELD"),
    ):
        request = recording.RecordOutcomesRequest(parent=name, operations=[operation], request_id=new_id())
        assert refuse(OFFICER, request).fields == {f"operations[0].{field}": reason}
    name, people = held
    request = recording.RecordOutcomesRequest(
        parent=name, operations=[outcome(people[0], promoted=True)], request_id=new_id()
    )
    assert refuse(OFFICER, request).reason == "SESSION_WRONG_STATE"


def test_certificates_that_cannot_be(world: World, refuse: Refuse, closed: tuple[str, list[str]]) -> None:
    name, people = closed
    used_name, used_people = world.completed(2)
    wanted = certificates_pb2.NewCertificate(participant_id=used_people[0], number="7K3M-9QXT-2HFW-D")
    world.certify(used_name, wanted)

    def refused(*rows: Any, at: str = name) -> dict[str, str]:
        request = certificates_pb2.IssueCertificatesRequest(parent=at, certificates=rows, request_id=new_id())
        return refuse(OFFICER, request).fields

    def row(person: str, number: str = "") -> certificates_pb2.NewCertificate:
        return certificates_pb2.NewCertificate(participant_id=person, number=number)

    assert refused(row(people[1], "7k3m9qxt2hfwd")) == {"certificates[0].number": "CERTIFICATE_NUMBER_USED"}
    assert refused(row(people[1], "0000-0000-0000-1"), row(people[2], "0000-0000-0000-1")) == {
        "certificates[1].number": "CERTIFICATE_NUMBER_USED"
    }
    assert refused(row(people[1], "7K3M-9QXT-2HFW-A")) == {"certificates[0].number": "CERTIFICATE_NUMBER_INVALID"}
    assert refused(row(people[0])) == {"certificates[0].participant_id": "PARTICIPANT_NOT_COMPLETED"}
    assert refused(row(people[1]), row(people[1])) == {"certificates[1].participant_id": "CERTIFICATE_HELD"}
    assert refused(row(used_people[0]), at=used_name) == {"certificates[0].participant_id": "CERTIFICATE_HELD"}


def test_numbers_and_names_of_certificates(world: World, refuse: Refuse) -> None:
    asked = certificates_pb2.VerifyCertificateRequest(number="0000-0000-0000-3")
    assert refuse(OFFICER, asked).fields == {"number": "CERTIFICATE_NUMBER_INVALID"}
    asked = certificates_pb2.VerifyCertificateRequest(number="0000-0000-0000-1")
    assert refuse(OFFICER, asked).reason == "NOT_FOUND"
    name, _ = world.completed(1)
    world.certify(name)
    held = world.call(OFFICER, certificates_pb2.ListCertificatesRequest(session=name)).certificates[0]
    revoke = certificates_pb2.RevokeCertificateRequest(
        name=held.name, reason=certificate_pb2.REVOKE_REASON_FRAUD, request_id=new_id()
    )
    assert refuse(OFFICER_KH, revoke).reason == "NOT_FOUND"
    world.call(OFFICER, revoke)
    revoke.request_id = new_id()
    assert refuse(OFFICER, revoke).reason == "CERTIFICATE_REVOKED"
    revoke.etag, revoke.request_id = held.etag, new_id()
    assert refuse(OFFICER, revoke).reason == "STALE_ETAG"
