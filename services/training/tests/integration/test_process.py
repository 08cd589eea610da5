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
from chassis.registry import streams
from chassis.settings import Settings
from local_stack.issuer import Issuer
from local_stack.ports import Ports
from local_stack.service_process import ServiceProcess
from local_stack.waiting import wait_until
from training.domain.recommendation import recommendation_id

from .conftest import ACTIVE
from .world import OFFICER, Refused, World, day, new_id

pytestmark = pytest.mark.stack
POINTS = ("stream.handled=kill:1", "stream.committed=kill:1")
"""Where it dies while it reacts: effects written and not committed, committed and not acknowledged to the broker."""

STREAMS = (
    "programme-country-programmes",
    "programme-factories",
    "assessment-assessments",
    "training-courses",
    "training-sessions",
    "training-recommendations",
)
COURSES = {"gear", "harassment-prevention", "maternity"}


@pytest.fixture(scope="module")
def process(
    mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServiceProcess]:
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
    made = ServiceProcess("training", settings, folder, [streams()[name] for name in STREAMS])
    country = CountryProgrammeRevised(country="BD", time_zone="Asia/Dhaka")
    made.tell("programme-country-programmes", "BD", country)
    enrolled = FactoryEnrolled(factory_id="bd-1001", country="BD", profile=ACTIVE)
    made.tell("programme-factories", "bd-1001", enrolled)
    yield made
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        client.drop_database(settings.mongodb_database)


@pytest.fixture(scope="module")
def world(process: ServiceProcess, issuer: Issuer) -> Iterator[World]:
    """People who call the process, at a time that they set."""
    assert process.settings.business_clock_file
    clock.configure(process.settings.business_clock_file)
    made = World(issuer, process.settings.grpc_port, process.settings.business_clock_file)
    yield made
    made.channel.close()
    clock.configure(None)


def released() -> ReportReleased:
    """A report in which the point on gender is non-compliant."""
    fact = ReportReleased(assessment_id=new_id(), factory_id="bd-1001", country="BD")
    fact.release_time.FromDatetime(clock.now())
    broken = report_pb2.POINT_STATUS_NON_COMPLIANT
    fact.points.append(ReleasedPoint(cluster="discrimination", point="gender", status=broken))
    return fact


def _courses(world: World) -> set[str]:
    try:
        request = ListRecommendationsRequest(factory="factories/bd-1001")
        found = world.call(OFFICER, request).recommendations
    except Refused as refused:
        if refused.code != "UNAVAILABLE":
            raise
        return set()
    return {one.course.split("/")[1] for one in found}


def _started(world: World) -> bool:
    try:
        world.schedule()
    except Refused as refused:
        if refused.code not in ("UNAVAILABLE", "FAILED_PRECONDITION", "INVALID_ARGUMENT"):
            raise
        return False
    return True


def _lives(process: ServiceProcess) -> bool:
    """Whether it has noted from where on it reacts: what was told before its first start recommends nothing."""
    with MongoClient[dict[str, Any]](process.settings.mongodb_uri) as client:
        rows = client[process.settings.mongodb_database].consumers
        return rows.count_documents({"_id": {"$regex": "^recommendations"}, "live_from": {"$exists": True}}) > 0


def test_it_reacts_once_however_often_it_dies(process: ServiceProcess, world: World) -> None:
    first = process.start()
    wait_until(lambda: _started(world) and _lives(process))
    first.stop()
    fact = released()
    for point in POINTS:
        dying = process.start(fail_points=point)
        if point == POINTS[0]:
            process.tell("assessment-assessments", fact.assessment_id, fact)
        wait_until(lambda dying=dying: not dying.running)
        assert dying.exit_code == -signal.SIGKILL
    alive = process.start()
    try:
        wait_until(lambda: _courses(world) == COURSES)
        for course in sorted(COURSES):
            key = recommendation_id("bd-1001", course)
            wait_until(lambda key=key: _kinds(process, "training-recommendations", key))
            assert _kinds(process, "training-recommendations", key) == ["CourseRecommended"]
        a_session_is_told_without_names_and_meets_the_recommendation(process, world)
    finally:
        alive.stop()


def a_session_is_told_without_names_and_meets_the_recommendation(process: ServiceProcess, world: World) -> None:
    """From its schedule to outcomes that are due, on the broker."""
    name = world.schedule(course="courses/gear", days=[day(0)])
    world.enrol(name, 2)
    world.attend(name, day(0))
    world.complete(name)
    world.certify(name)
    key = name.split("/")[1]
    met = recommendation_id("bd-1001", "gear")
    wait_until(lambda: "CourseRecommendationMet" in _kinds(process, "training-recommendations", met))
    assert _kinds(process, "training-recommendations", met) == ["CourseRecommended", "CourseRecommendationMet"]
    names = {person.full_name for person in world.people(name)}
    try:
        for days, told in ((200, "OutcomesDue"), (240, "OutcomesOverdue")):
            world.move_clock(days)
            wait_until(lambda told=told: _kinds(process, "training-sessions", key)[-1:] == [told])
    finally:
        world.move_clock(0)
    assert _kinds(process, "training-sessions", key) == [
        "SessionScheduled",
        "EnrolmentsChanged",
        "AttendanceRecorded",
        "SessionCompleted",
        "CertificatesIssued",
        "OutcomesDue",
        "OutcomesOverdue",
    ]
    left = process.left_behind()
    assert key in left, "or this test could not see a leak"
    for canary in (*names, *(one.split()[1] for one in names), "Training room"):
        assert canary not in left


def _kinds(process: ServiceProcess, stream: str, key: str) -> list[str]:
    return [kind for kind, _ in process.told(stream, key).values()]
