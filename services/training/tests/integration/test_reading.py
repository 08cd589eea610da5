"""Who sees what, what waits to be done, what is recommended, and what was counted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from amplify.assessment.v1 import report_pb2
from amplify.assessment.v1.assessment_events_pb2 import ReleasedPoint, ReportReleased
from amplify.training.v1 import certificate_service_pb2 as certificates_pb2
from amplify.training.v1 import participant_pb2, recommendation_pb2, summary_pb2
from amplify.training.v1 import participant_service_pb2 as participants_pb2
from amplify.training.v1 import recommendation_service_pb2 as recommendations_pb2
from amplify.training.v1 import recording_pb2 as recording
from amplify.training.v1 import session_service_pb2 as sessions_pb2
from amplify.training.v1.course_service_pb2 import ListCoursesRequest
from amplify.training.v1.enrolment_pb2 import WithdrawParticipantRequest
from chassis import clock
from chassis.database import db
from chassis.due_work import DueWorker
from chassis.service import Service, migrate
from training.service import DUE

from .conftest import Neighbours
from .world import (
    ADVISOR,
    BUYER,
    FACTORY,
    FINANCE,
    LEADER,
    MANAGER,
    OFFICER,
    OFFICER_KH,
    OTHER_FACTORY,
    PROGRAMME,
    SRE,
    F,
    M,
    Refused,
    World,
    attendance_request,
    content,
    day,
    enrol_request,
    facts,
    new_id,
    newcomer,
    one,
    outcome,
    schedule_request,
)

pytestmark = pytest.mark.stack
P = participant_pb2
Refuse = Callable[..., Refused]
Kind = sessions_pb2.WorkKind
State = recommendation_pb2.RecommendationState
OPEN, MET, DISMISSED = (
    recommendation_pb2.RECOMMENDATION_STATE_OPEN,
    recommendation_pb2.RECOMMENDATION_STATE_MET,
    recommendation_pb2.RECOMMENDATION_STATE_DISMISSED,
)


def of_factory(factory: str) -> P.Employer:
    """A factory as an employer."""
    return P.Employer(kind=P.EMPLOYER_KIND_FACTORY, factory=f"factories/{factory}")


def release(factory: str, *points: str, days_ago: float = 0) -> ReportReleased:
    """A report in which these points, as cluster/point, are non-compliant and one is in order."""
    fact = ReportReleased(assessment_id=new_id(), factory_id=factory, country="BD")
    fact.release_time.FromDatetime(clock.now() - timedelta(days=days_ago))
    for name in points:
        cluster, point = name.split("/")
        broken = report_pb2.POINT_STATUS_NON_COMPLIANT
        fact.points.append(ReleasedPoint(cluster=cluster, point=point, status=broken))
    fine = report_pb2.POINT_STATUS_COMPLIANT
    fact.points.append(ReleasedPoint(cluster="freedom-of-association", point="strikes", status=fine))
    return fact


def recommended(world: World, factory: str, person: str = OFFICER) -> dict[str, Any]:
    """What is recommended to a factory, by course."""
    request = recommendations_pb2.ListRecommendationsRequest(factory=f"factories/{factory}")
    return {one.course.split("/")[1]: one for one in world.call(person, request).recommendations}


def work(world: World, person: str = OFFICER, country: str = "BD") -> dict[int, Any]:
    """What waits, by kind."""
    return {one.kind: one for one in world.call(person, sessions_pb2.CountWorkRequest(country=country)).counts}


def test_migrating_again_changes_nothing(service: Service, world: World) -> None:
    before = content()
    migrate(service)
    assert content() == before


def test_each_role_sees_its_own(world: World, refuse: Refuse) -> None:
    name = world.call(OFFICER, schedule_request(invited_factories=["factories/bd-1002"])).session.name
    world.call(OFFICER, enrol_request(name, [newcomer(), newcomer(employer=of_factory("bd-1002"))]))
    for person in (OFFICER, ADVISOR, LEADER, MANAGER):
        assert len(world.people(name, person)) == 2
    for person, factory in ((FACTORY, "bd-1001"), (OTHER_FACTORY, "bd-1002")):
        assert [one.employer.factory for one in world.people(name, person)] == [f"factories/{factory}"]
    get = sessions_pb2.GetSessionRequest(name=name)
    listing = participants_pb2.ListParticipantsRequest(parent=name)
    assert world.call(PROGRAMME, get).session.name == name
    assert refuse(OFFICER_KH, get).code == "NOT_FOUND"
    assert refuse(OFFICER_KH, listing).code == "NOT_FOUND"
    for person in (FINANCE, BUYER, SRE, new_id()):
        assert refuse(person, get).code == "PERMISSION_DENIED"
    for person in (PROGRAMME, FINANCE, BUYER, SRE):
        assert refuse(person, listing).code == "PERMISSION_DENIED"
        assert refuse(person, certificates_pb2.ListCertificatesRequest()).code == "PERMISSION_DENIED"
    assert refuse(SRE, ListCoursesRequest()).code == "PERMISSION_DENIED"
    for person in (ADVISOR, LEADER, MANAGER, PROGRAMME, FACTORY):
        assert refuse(person, schedule_request()).code == "PERMISSION_DENIED"
    assert refuse(OFFICER_KH, schedule_request()).code == "PERMISSION_DENIED"
    own = world.people(name, FACTORY)[0].name
    assert refuse(OTHER_FACTORY, participants_pb2.GetParticipantRequest(name=own)).code == "NOT_FOUND"


def test_a_factory_enrols_its_own_people_only(world: World, refuse: Refuse) -> None:
    name = world.schedule()
    world.call(FACTORY, enrol_request(name, [newcomer()]))
    others = enrol_request(name, [newcomer(employer=of_factory("bd-1002"))])
    assert refuse(FACTORY, others).fields == {"participants[0].employer": "EMPLOYER_INVALID"}
    assert refuse(OTHER_FACTORY, enrol_request(name, [newcomer()])).code == "NOT_FOUND"
    world.call(OFFICER, others)
    assert len(world.people(name, OTHER_FACTORY)) == 1, "people of it take part now"
    theirs = world.people(name, OTHER_FACTORY)[0].name
    out = WithdrawParticipantRequest(name=theirs, reason=P.WITHDRAW_REASON_ABSENCE, request_id=new_id())
    assert refuse(FACTORY, out).code == "NOT_FOUND"
    assert refuse(FACTORY, attendance_request(name, [one(day(0), new_id(), True)])).code == "PERMISSION_DENIED"


def test_pages_hold_everything_once(world: World) -> None:
    name = world.schedule(capacity=50)
    ids = set(world.enrol(name, 23))
    seen: list[str] = []
    token = ""
    while True:
        request = participants_pb2.ListParticipantsRequest(parent=name, page_size=10, page_token=token)
        page = world.call(OFFICER, request)
        seen += [person.name.rsplit("/", 1)[1] for person in page.participants]
        token = page.next_page_token
        assert page.total_size == 23
        if not token:
            break
    assert len(seen) == 23
    assert set(seen) == ids
    names = [person.full_name for person in world.people(name)]
    assert names == sorted(names, key=str.casefold)


def test_reports_recommend_courses_and_sessions_meet_them(world: World, neighbours: Neighbours) -> None:
    fact = release("bd-1003", "discrimination/gender", "working-time/leave", days_ago=2)
    neighbours.say("assessment-assessments", fact.assessment_id, fact)
    found = recommended(world, "bd-1003")
    assert {"gear", "harassment-prevention", "maternity", "workplace-communication"} == set(found)
    assert [one.point for one in found["maternity"].points] == ["gender", "leave"]
    assert {one.state for one in found.values()} == {OPEN}
    key = found["maternity"].name.split("/")[1]
    assert db().facts.count_documents({"key": key}) == 1, "told once, however often the report came"

    employer = of_factory("bd-1003")
    name = world.schedule(course="courses/maternity", factory="factories/bd-1003", days=[day(0)])
    world.enrol(name, 2, employer=employer)
    world.attend(name, day(0))
    world.complete(name)
    neighbours.say_own("training-sessions")
    met = recommended(world, "bd-1003")["maternity"]
    assert (met.state, met.session) == (MET, name)
    assert db().facts.count_documents({"key": key}) == 2
    assert recommended(world, "bd-1003")["gear"].state == OPEN

    later = release("bd-1003", "working-time/leave")
    neighbours.say("assessment-assessments", later.assessment_id, later)
    found = recommended(world, "bd-1003")
    assert found["maternity"].state == OPEN, "what came back is recommended again"
    assert found["gear"].state == DISMISSED
    assert found["gear"].dismiss_reason == recommendation_pb2.DISMISS_REASON_COMPLIANT_AGAIN
    older = release("bd-1003", "discrimination/gender", days_ago=30)
    neighbours.say("assessment-assessments", older.assessment_id, older)
    assert recommended(world, "bd-1003") == found, "an older report that comes late changes nothing"


def test_a_report_that_comes_after_the_session_it_asks_for(world: World, neighbours: Neighbours) -> None:
    name = world.schedule(course="courses/osh", factory="factories/bd-1002", days=[day(0)])
    world.enrol(name, 1, employer=of_factory("bd-1002"))
    world.attend(name, day(0))
    world.complete(name)
    fact = release("bd-1002", "occupational-safety-and-health/chemicals", days_ago=1)
    neighbours.say("assessment-assessments", fact.assessment_id, fact)
    met = recommended(world, "bd-1002")["osh"]
    assert (met.state, met.session) == (MET, name)


def test_an_officer_dismisses_what_is_not_needed(world: World, neighbours: Neighbours, refuse: Refuse) -> None:
    fact = release("bd-1001", "freedom-of-association/collective-bargaining")
    neighbours.say("assessment-assessments", fact.assessment_id, fact)
    found = recommended(world, "bd-1001", FACTORY)["negotiation"]
    request = recommendations_pb2.DismissRecommendationRequest(
        name=found.name, reason=recommendation_pb2.DISMISS_REASON_OTHER_REMEDY, etag=found.etag, request_id=new_id()
    )
    assert refuse(FACTORY, request).code == "PERMISSION_DENIED"
    assert refuse(OFFICER_KH, request).code == "NOT_FOUND"
    assert world.call(OFFICER, request).recommendation.state == DISMISSED
    request.request_id, request.etag = new_id(), ""
    assert refuse(OFFICER, request).reason == "RECOMMENDATION_NOT_OPEN"
    request.reason = recommendation_pb2.DISMISS_REASON_COMPLIANT_AGAIN
    assert refuse(OFFICER, request).fields == {"reason": "INVALID_FIELD"}
    assert recommended(world, "bd-1001", OTHER_FACTORY) == {}


def test_what_waits_is_counted_with_its_age(world: World) -> None:
    before = work(world)
    name = world.schedule(country="BD", days=[day(0), day(1)], capacity=1)
    world.call(OFFICER, enrol_request(name, [newcomer(), newcomer()], waiting_list=True))
    closed, people = world.completed(1)
    waiting = work(world)[Kind.WORK_KIND_WAITING_LIST]
    assert waiting.count == before[Kind.WORK_KIND_WAITING_LIST].count + 1
    assert work(world)[Kind.WORK_KIND_ATTENDANCE_MISSING].count == before[Kind.WORK_KIND_ATTENDANCE_MISSING].count
    last = world.session(name).days[1]
    try:
        world.move_clock(3)
        later = work(world)
        listed = {
            kind: world.call(OFFICER, sessions_pb2.ListSessionsRequest(work=kind, country="BD", page_size=500))
            for kind in (Kind.WORK_KIND_SESSION_TO_COMPLETE, Kind.WORK_KIND_ATTENDANCE_MISSING)
        }
        for kind, page in listed.items():
            assert page.total_size == later[kind].count, "a count and the list behind it agree"
            assert name in [session.name for session in page.sessions]
        oldest = later[Kind.WORK_KIND_ATTENDANCE_MISSING].oldest_since.ToDatetime()
        assert (oldest.hour, oldest.minute) == (18, 0), "midnight in Dhaka"
        world.move_clock(200)
        worker = DueWorker(DUE)
        for _ in range(2):
            for row in worker._claim():
                worker.do(row)
        due = work(world)[Kind.WORK_KIND_OUTCOMES_DUE]
        assert due.count >= 1
        assert [kind for kind, _ in facts(closed)].count("OutcomesDue") == 1
        world.move_clock(230)
        for row in worker._claim():
            worker.do(row)
        assert [kind for kind, _ in facts(closed)].count("OutcomesOverdue") == 1
        assert work(world)[Kind.WORK_KIND_OUTCOMES_OVERDUE].count >= due.count
        told = [outcome(people[0], promoted=True), outcome(people[0], line_efficiency_change_permille=3)]
        world.call(OFFICER, recording.RecordOutcomesRequest(parent=closed, operations=told, request_id=new_id()))
        assert work(world)[Kind.WORK_KIND_OUTCOMES_OVERDUE].count == due.count - 1
    finally:
        world.move_clock(0)
    assert last.year
    assert {one.count for one in work(world, OFFICER_KH, "").values()} == {0}


def test_what_was_counted_says_how(world: World) -> None:
    today = day(0, "Asia/Amman")
    name = world.schedule(course="courses/gear", country="JO", factory="factories/jo-4001", days=[today])
    people = world.enrol(name, 3, employer=of_factory("jo-4001"))
    world.attend(name, today, absent=(people[1],))
    world.complete(name)
    told = [
        outcome(people[0], promoted=True),
        outcome(people[2], promoted=False),
        outcome(people[0], pay_change_permille=390),
        outcome(people[2], pay_change_permille=101),
    ]
    world.call(OFFICER, recording.RecordOutcomesRequest(parent=name, operations=told, request_id=new_id()))

    def summaries(person: str, **conditions: Any) -> Any:
        row = conditions.pop("row", summary_pb2.SUMMARY_ROW_FACTORY)
        return world.call(person, summary_pb2.ListTrainingSummariesRequest(row=row, **conditions))

    answer = summaries(OFFICER, country="JO")
    assert (answer.total_size, answer.summaries[0].factory) == (1, "factories/jo-4001")
    women, men = answer.summaries[0].cells
    assert (women.sex, women.enrolled, women.attended, women.completed, women.participant_hours) == (F, 2, 2, 2, 14)
    assert (women.promotion_known, women.promoted, women.pay_change_known) == (2, 1, 2)
    assert women.mean_pay_change_permille == 246, "(390 + 101) / 2, to the nearest even"
    assert (men.sex, men.enrolled, men.attended, men.completed) == (M, 1, 0, 0)
    assert not men.HasField("mean_pay_change_permille")
    assert set(answer.formulas) >= {"completed", "participant_hours", "promoted"}
    by_country = summaries(OFFICER, row=summary_pb2.SUMMARY_ROW_COUNTRY, course="courses/gear", country="JO")
    assert (by_country.summaries[0].country, by_country.summaries[0].factory) == ("JO", "")
    assert summaries(OFFICER, country="JO", latest_day=day(-1, "Asia/Amman")).total_size == 0
    assert summaries(OFFICER_KH).total_size == 0
    own = summaries(FACTORY)
    assert {one.factory for one in own.summaries} == {"factories/bd-1001"}
