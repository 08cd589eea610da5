"""From the catalogue to a closed session: places, waiting, attendance, completion, certificates and outcomes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from google.type.date_pb2 import Date

from amplify.training.v1 import certificate_pb2, course_pb2, participant_pb2, session_pb2
from amplify.training.v1 import certificate_service_pb2 as certificates_pb2
from amplify.training.v1 import course_service_pb2 as courses_pb2
from amplify.training.v1 import outcome_events_pb2 as outcomes
from amplify.training.v1 import recording_pb2 as recording
from amplify.training.v1 import scheduling_pb2 as scheduling
from amplify.training.v1 import session_events_pb2 as events
from amplify.training.v1.enrolment_pb2 import WithdrawParticipantRequest
from amplify.training.v1.session_service_pb2 import ListSessionsRequest
from chassis import clock
from chassis.database import db

from .world import (
    BRAND,
    BUYER,
    INSPECTOR,
    OFFICER,
    SUPERVISOR,
    UNIONIST,
    F,
    M,
    Refused,
    World,
    attendance_request,
    day,
    enrol_request,
    everybody,
    facts,
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


def withdraw(world: World, name: str, participant_id: str) -> Any:
    """Take somebody out."""
    request = WithdrawParticipantRequest(
        name=f"{name}/participants/{participant_id}", reason=P.WITHDRAW_REASON_ABSENCE, request_id=new_id()
    )
    return world.call(OFFICER, request)


def states(world: World, name: str) -> dict[str, tuple[int, int]]:
    """State and place in the waiting list, by id."""
    return {one.name.rsplit("/", 1)[1]: (one.state, one.waiting_position) for one in world.people(name)}


def test_the_catalogue_is_shown_with_what_is_confirmed(world: World) -> None:
    listed = world.call(OFFICER, courses_pb2.ListCoursesRequest(page_size=5))
    assert (len(listed.courses), listed.total_size) == (5, 14)
    gear = world.call(OFFICER, courses_pb2.GetCourseRequest(name="courses/gear")).course
    assert (gear.days, gear.trainee_weeks, gear.titles["ar"]) == (10, 8, "المساواة بين الجنسين والعوائد")
    sources = {source.field: source.source_confirmation for source in gear.sources}
    assert sources["days"] == course_pb2.SOURCE_CONFIRMATION_CONFIRMED
    assert sources["default_capacity"] == course_pb2.SOURCE_CONFIRMATION_UNCONFIRMED
    of_point = world.call(OFFICER, courses_pb2.ListCoursesRequest(point="gender"))
    assert {course.name for course in of_point.courses} >= {"courses/gear", "courses/harassment-prevention"}


def test_places_are_given_in_order_and_the_waiting_list_moves_up(world: World) -> None:
    name = world.schedule(capacity=2)
    rows = [newcomer() for _ in range(4)]
    ids = [row.participant_id for row in rows]
    answer = world.call(OFFICER, enrol_request(name, rows, waiting_list=True))
    assert (answer.enrolled_count, list(answer.waiting_participant_ids)) == (2, sorted(ids[2:], key=ids.index))
    again = world.call(OFFICER, enrol_request(name, rows, waiting_list=True))
    assert (again.enrolled_count, again.unchanged_count) == (0, 4)
    positions = {id: place for id, (_, place) in states(world, name).items()}
    assert sorted(positions[id] for id in ids[2:]) == [1, 2]
    first = min(ids[2:], key=lambda id: positions[id])
    assert list(withdraw(world, name, ids[0]).promoted_participant_ids) == [first]
    session = world.session(name)
    assert (sum(count.count for count in session.enrolled), session.waiting_count) == (2, 1)
    request = scheduling.UpdateSessionRequest(name=name, capacity=9, request_id=new_id())
    request.update_mask.paths.append("capacity")
    grown = world.call(OFFICER, request).session
    assert (sum(count.count for count in grown.enrolled), grown.waiting_count, grown.capacity) == (3, 0, 9)
    told = [kind for kind, _ in facts(name)]
    assert told == ["SessionScheduled", *["EnrolmentsChanged"] * 2, "SessionUpdated", "EnrolmentsChanged"]


def test_an_industry_session_needs_no_factory_and_takes_everybody(world: World) -> None:
    request = schedule_request(factory="", course="courses/industry-seminar", days=[day(0)])
    name = world.call(OFFICER, request).session.name
    employers = {
        UNIONIST: other_employer(P.EMPLOYER_KIND_UNION, "Garment workers' union"),
        INSPECTOR: other_employer(P.EMPLOYER_KIND_INSPECTORATE, "Inspectorate of labour"),
        BRAND: other_employer(P.EMPLOYER_KIND_BRAND, "North Sea Apparel"),
    }
    rows = [newcomer(role=role, employer=employer) for role, employer in employers.items()]
    rows.append(newcomer(role=SUPERVISOR))
    world.call(OFFICER, enrol_request(name, rows))
    world.attend(name, day(0))
    assert sum(count.count for count in world.complete(name).completed) == 4
    told = outcomes.SessionCompleted.FromString(facts(name)[-1][1]["value"])
    assert {one.role for one in told.completed} == {UNIONIST, INSPECTOR, BRAND, SUPERVISOR}
    assert (told.factory_id, [one.factory_id for one in told.factories]) == ("", ["bd-1001"])
    assert told.participant_hours == 4 * 7


def test_days_move_and_a_session_is_called_off(world: World) -> None:
    name = world.schedule()
    world.enrol(name, 1)
    etag = world.session(name).etag
    moved = scheduling.RescheduleSessionRequest(name=name, days=[day(3), day(4)], etag=etag, request_id=new_id())
    assert len(world.call(OFFICER, moved).session.days_without_attendance) == 2
    cancel = scheduling.CancelSessionRequest(
        name=name, reason=session_pb2.SESSION_CANCEL_REASON_UNSAFE, request_id=new_id()
    )
    assert world.call(OFFICER, cancel).session.state == session_pb2.SESSION_STATE_CANCELLED
    told = events.SessionCancelled.FromString(facts(name)[-1][1]["value"])
    assert (told.first_day, told.enrolled[0].count) == (day(3), 1)


def test_attendance_in_any_order_and_repetition_gives_the_same(world: World) -> None:
    held = []
    for order in (1, -1):
        name = world.schedule(days=[day(0)])
        people = world.enrol(name, 3)
        now = clock.now()
        operations = [
            everybody(day(0), at=now + timedelta(seconds=1)),
            one(day(0), people[0], False, at=now + timedelta(seconds=2)),
            one(day(0), people[0], True, at=now + timedelta(seconds=3)),
            one(day(0), people[1], False, at=now + timedelta(seconds=4)),
        ]
        for operation in operations[::order]:
            world.call(OFFICER, attendance_request(name, [operation]))
            world.call(OFFICER, attendance_request(name, [operation]))
        shown = {person.name.rsplit("/", 1)[1]: person for person in world.people(name)}
        held.append([shown[id].attendance[0].present for id in people])
        corrected = shown[people[0]].attendance[0]
        assert [one.operation_id for one in corrected.superseded] == [
            operations[1].operation_id,
            operations[0].operation_id,
        ]
        assert not corrected.late
    assert held == [[True, False, True]] * 2


def test_attendance_after_the_last_day_is_marked_as_late(world: World) -> None:
    name = world.schedule(days=[day(0), day(1)])
    people = world.enrol(name, 2)
    world.attend(name, day(0))
    first, second = world.session(name).days
    try:
        world.move_clock(5)
        world.attend(name, second, absent=(people[1],))
        told = events.AttendanceRecorded.FromString(facts(name)[-1][1]["value"])
        assert (told.late, told.absent_count, told.missing_count) == (True, 1, 0)
        late = {item.day.day: item.late for item in world.people(name)[0].attendance}
        assert late == {first.day: False, second.day: True}
    finally:
        world.move_clock(0)


def test_completion_follows_from_attendance_and_the_course(world: World) -> None:
    name = world.schedule(course="courses/osh", days=[day(0), day(1), day(2)])
    people = world.enrol(name, 3)
    try:
        for passed in range(3):
            world.move_clock(passed)
            world.attend(name, world.session(name).days[passed], absent=tuple(people[:1]) if passed else ())
        session = world.complete(name)
        assert session.state == session_pb2.SESSION_STATE_COMPLETED
        shown = {person.name.rsplit("/", 1)[1]: person.completed for person in world.people(name)}
        assert [shown[id] for id in people] == [False, True, True], "80 % of 3 days are 3 days"
        assert not session.HasField("outcomes_due_day")
    finally:
        world.move_clock(0)


def test_scores_of_two_tests_are_kept_and_can_be_corrected(world: World) -> None:
    name, people = world.completed(1)
    now = clock.now()
    operations = [
        score(people[0], P.TEST_KIND_PRE, 8, now),
        score(people[0], P.TEST_KIND_POST, 15, now),
        score(people[0], P.TEST_KIND_POST, 17, now + timedelta(seconds=1)),
    ]
    request = recording.RecordTestScoresRequest(parent=name, operations=operations[::-1], request_id=new_id())
    assert world.call(OFFICER, request).changed_count == 2
    kept = {(one.kind, one.score) for one in world.people(name)[0].test_scores}
    assert kept == {(P.TEST_KIND_PRE, 8), (P.TEST_KIND_POST, 17)}


def test_certificates_are_verified_by_anybody_and_name_nobody(world: World) -> None:
    name, _ = world.completed(3, absent=1)
    assert world.certify(name).issued_count == 2
    assert world.certify(name).issued_count == 0, "everybody entitled holds one"
    listed = world.call(OFFICER, certificates_pb2.ListCertificatesRequest(session=name))
    held = listed.certificates[0]
    number = held.name.split("/")[1]
    asked = certificates_pb2.VerifyCertificateRequest(number=number.replace("-", "").lower())
    answer = world.call(BUYER, asked)
    assert (answer.course, answer.state) == ("courses/sst", certificate_pb2.CERTIFICATE_STATE_VALID)
    assert not answer.HasField("holder_confirmed")
    assert held.holder_name.encode() not in answer.SerializeToString()
    for given, confirmed in ((held.holder_name.upper() + " ", True), ("Somebody Else", False)):
        asked = certificates_pb2.VerifyCertificateRequest(number=number, holder_name=given)
        assert world.call(BUYER, asked).holder_confirmed is confirmed
    revoke = certificates_pb2.RevokeCertificateRequest(
        name=held.name, reason=certificate_pb2.REVOKE_REASON_FRAUD, etag=held.etag, request_id=new_id()
    )
    world.call(OFFICER, revoke)
    assert world.call(BUYER, asked).state == certificate_pb2.CERTIFICATE_STATE_REVOKED
    assert world.certify(name).issued_count == 0, "nobody gets one again by the way after a fraud"
    shown = {person.name: person.certificate_withheld for person in world.people(name)}
    assert [one for one, withheld in shown.items() if withheld] == [held.participant]
    again = certificates_pb2.NewCertificate(participant_id=held.participant.split("/")[-1])
    assert world.certify(name, again).issued_count == 1, "but who is named may get one"
    assert not any(person.certificate_withheld for person in world.people(name))
    assert db().certificates.count_documents({}) >= 3


def test_a_certificate_revoked_to_be_replaced_is_issued_with_the_others(world: World) -> None:
    name, _ = world.completed(1)
    world.certify(name)
    for reason, issued in (
        (certificate_pb2.REVOKE_REASON_REPLACED, 1),
        (certificate_pb2.REVOKE_REASON_ATTENDANCE_WRONG, 0),
    ):
        listed = world.call(OFFICER, certificates_pb2.ListCertificatesRequest(session=name)).certificates
        valid = next(one for one in listed if one.state == certificate_pb2.CERTIFICATE_STATE_VALID)
        revoke = certificates_pb2.RevokeCertificateRequest(name=valid.name, reason=reason, request_id=new_id())
        world.call(OFFICER, revoke)
        assert world.certify(name).issued_count == issued


def test_outcomes_are_asked_for_months_later_until_all_are_known(world: World) -> None:
    name, people = world.completed(2)
    assert world.session(name).outcomes_missing_count == 2
    assert db().due_work.count_documents({"key": name.split("/")[1]}) == 2
    operations = [
        outcome(people[0], promoted=True),
        outcome(people[1], promoted=False),
        outcome(people[0], line_efficiency_change_permille=45),
    ]
    request = recording.RecordOutcomesRequest(parent=name, operations=operations, request_id=new_id())
    assert world.call(OFFICER, request).session.outcomes_missing_count == 1
    told = [outcomes.OutcomesRecorded.FromString(row["value"]) for kind, row in facts(name) if kind[:9] == "OutcomesR"]
    assert [(one.kind, sum(c.count for c in one.known), sum(c.count for c in one.improved)) for one in told] == [
        (course_pb2.OUTCOME_KIND_PROMOTION, 2, 1),
        (course_pb2.OUTCOME_KIND_LINE_EFFICIENCY, 1, 1),
    ]
    last = recording.RecordOutcomesRequest(
        parent=name, operations=[outcome(people[1], line_efficiency_change_permille=-5)], request_id=new_id()
    )
    assert world.call(OFFICER, last).session.outcomes_missing_count == 0
    assert db().due_work.count_documents({"key": name.split("/")[1]}) == 0


def test_names_are_in_no_fact(world: World) -> None:
    name, _ = world.completed(2)
    world.certify(name)
    names = {person.full_name for person in world.people(name)}
    assert len(names) == 2
    told = b"".join(bytes(row.get("value", b"")) + str(row).encode() for _, row in facts(name))
    assert name.split("/")[1].encode() in told, "or this test could not see a leak"
    for canary in (*names, "Training room"):
        assert canary.encode() not in told
    assert {F, M} == {count.sex for count in world.session(name).completed}


def test_an_id_or_a_request_id_used_twice(world: World, refuse: Refuse) -> None:
    request = schedule_request()
    assert world.call(OFFICER, request) == world.call(OFFICER, request)
    taken = schedule_request(session_id=request.session_id)
    assert refuse(OFFICER, taken).reason == "ALREADY_EXISTS"
    assert refuse(OFFICER, schedule_request(request_id=request.request_id)).reason == "REQUEST_ID_REUSED"


def test_pages_that_cannot_be(refuse: Refuse) -> None:
    assert refuse(OFFICER, ListSessionsRequest(page_size=-1)).fields == {"page_size": "INVALID_FIELD"}
    made_up = ListSessionsRequest()
    made_up.page_token = "x"  # noqa: S105 - not a secret
    assert refuse(OFFICER, made_up).fields == {"page_token": "INVALID_PAGE_TOKEN"}
    wrong = ListSessionsRequest(earliest_day=Date(year=2026, month=13, day=1))
    assert refuse(OFFICER, wrong).fields == {"earliest_day": "INVALID_FIELD"}
