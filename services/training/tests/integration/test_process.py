"""One process on a real broker: killed while it reacts and started again, it has told and done everything once."""

import signal
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from amplify.assessment.v1 import report_pb2
from amplify.assessment.v1.assessment_events_pb2 import ReleasedPoint, ReportReleased
from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised, FactoryEnrolled
from amplify.training.v1.recommendation_service_pb2 import ListRecommendationsRequest
from chassis import clock
from chassis.settings import Settings
from local_stack.issuer import Issuer
from local_stack.ports import Ports
from training.domain.recommendation import recommendation_id

from .conftest import ACTIVE
from .process import Running, wait_for
from .world import OFFICER, Refused, day, new_id

pytestmark = pytest.mark.stack
POINTS = ("stream.handled=kill:1", "stream.committed=kill:1")
"""Where it dies while it reacts: effects written and not committed, committed and not acknowledged to the broker."""

COURSES = {"gear", "harassment-prevention", "maternity"}


@pytest.fixture(scope="module")
def running(
    mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Topics with what programme says, a migrated database, and no process yet."""
    folder = tmp_path_factory.mktemp("process")
    settings = Settings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"t{uuid4().hex[:10]}-training",
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"t{uuid4().hex[:10]}-",
        grpc_port=test_ports.take("training-grpc"),
        oidc_issuer=issuer.url,
        spans_dir=folder / "spans",
        log_level="DEBUG",
        business_clock_file=folder / "clock",
    )
    made = Running(settings, issuer, folder)
    country = CountryProgrammeRevised(country="BD", time_zone="Asia/Dhaka")
    made.tell("programme-country-programmes", "BD", country)
    enrolled = FactoryEnrolled(factory_id="bd-1001", country="BD", profile=ACTIVE)
    made.tell("programme-factories", "bd-1001", enrolled)
    yield made
    made.stop()
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        client.drop_database(settings.mongodb_database)


def released() -> ReportReleased:
    """A report in which the point on gender is non-compliant."""
    fact = ReportReleased(assessment_id=new_id(), factory_id="bd-1001", country="BD")
    fact.release_time.FromDatetime(clock.now())
    broken = report_pb2.POINT_STATUS_NON_COMPLIANT
    fact.points.append(ReleasedPoint(cluster="discrimination", point="gender", status=broken))
    return fact


def _courses(running: Running) -> set[str]:
    try:
        request = ListRecommendationsRequest(factory="factories/bd-1001")
        found = running.world.call(OFFICER, request).recommendations
    except Refused as refused:
        if refused.code != "UNAVAILABLE":
            raise
        return set()
    return {one.course.split("/")[1] for one in found}


def _started(running: Running) -> bool:
    try:
        running.world.schedule()
    except Refused as refused:
        if refused.code not in ("UNAVAILABLE", "FAILED_PRECONDITION", "INVALID_ARGUMENT"):
            raise
        return False
    return True


def _lives(running: Running) -> bool:
    """Whether it has noted from where on it reacts: what was told before its first start recommends nothing."""
    with MongoClient[dict[str, Any]](running.settings.mongodb_uri) as client:
        rows = client[running.settings.mongodb_database].consumers
        return rows.count_documents({"_id": {"$regex": "^recommendations"}, "live_from": {"$exists": True}}) > 0


def test_it_reacts_once_however_often_it_dies(running: Running) -> None:
    first = running.start()
    wait_for(lambda: _started(running) and _lives(running))
    first.stop()
    fact = released()
    for point in POINTS:
        dying = running.start(point)
        if point == POINTS[0]:
            running.tell("assessment-assessments", fact.assessment_id, fact)
        wait_for(lambda dying=dying: not dying.running)
        assert dying.exit_code == -signal.SIGKILL
    alive = running.start()
    try:
        wait_for(lambda: _courses(running) == COURSES)
        for course in sorted(COURSES):
            key = recommendation_id("bd-1001", course)
            wait_for(lambda key=key: running.kinds("training-recommendations", key))
            assert running.kinds("training-recommendations", key) == ["CourseRecommended"]
        a_session_is_told_without_names_and_meets_the_recommendation(running)
    finally:
        alive.stop()


def a_session_is_told_without_names_and_meets_the_recommendation(running: Running) -> None:
    """From its schedule to outcomes that are due, on the broker."""
    world = running.world
    name = world.schedule(course="courses/gear", days=[day(0)])
    world.enrol(name, 2)
    world.attend(name, day(0))
    world.complete(name)
    world.certify(name)
    key = name.split("/")[1]
    met = recommendation_id("bd-1001", "gear")
    wait_for(lambda: "CourseRecommendationMet" in running.kinds("training-recommendations", met))
    assert running.kinds("training-recommendations", met) == ["CourseRecommended", "CourseRecommendationMet"]
    names = {person.full_name for person in world.people(name)}
    try:
        for days, told in ((200, "OutcomesDue"), (240, "OutcomesOverdue")):
            world.move_clock(days)
            wait_for(lambda told=told: running.kinds("training-sessions", key)[-1:] == [told])
    finally:
        world.move_clock(0)
    assert running.kinds("training-sessions", key) == [
        "SessionScheduled",
        "EnrolmentsChanged",
        "AttendanceRecorded",
        "SessionCompleted",
        "CertificatesIssued",
        "OutcomesDue",
        "OutcomesOverdue",
    ]
    left = running.left_behind()
    assert key in left, "or this test could not see a leak"
    for canary in (*names, *(one.split()[1] for one in names), "Training room"):
        assert canary not in left
