"""One process, real topics: what programme says is learnt, deadlines fire, and a secret plan leaves no trace."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from amplify.assessment.v1 import assessment_events_pb2 as events
from amplify.assessment.v1 import assessment_pb2, planning_pb2
from amplify.assessment.v1.assessment_service_pb2 import (
    ReleaseAssessmentRequest,
    ReturnAssessmentRequest,
    SubmitAssessmentRequest,
)
from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised, FactoryEnrolled, FactoryProfile
from assessment.settings import AssessmentSettings
from chassis import clock
from chassis.registry import streams
from local_stack.issuer import Issuer
from local_stack.ports import Ports
from local_stack.service_process import ServiceProcess
from local_stack.waiting import wait_until

from .conftest import CLOCKS
from .world import LEADER, RINA, TARIQ, Finding, Refused, World, day, new_id, operation, plan_request, record_request

pytestmark = pytest.mark.stack
STREAM = "assessment-assessments"
FACTORIES = ("bd-1001", "bd-1002")


@pytest.fixture(scope="module")
def process(
    mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServiceProcess]:
    """A process that knows of Bangladesh and two factories there."""
    folder = tmp_path_factory.mktemp("process")
    settings = AssessmentSettings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"t{uuid4().hex[:10]}-assessment",
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"t{uuid4().hex[:10]}-",
        grpc_port=test_ports.take("assessment-grpc"),
        oidc_issuer=issuer.url,
        spans_dir=folder / "spans",
        log_level="DEBUG",
        business_clock_file=folder / "clock",
        generated_questions=40,
    )
    made = ServiceProcess("assessment", settings, folder, streams().values())
    country = CountryProgrammeRevised(country="BD", time_zone="Asia/Dhaka", clocks=CLOCKS)
    made.tell("programme-country-programmes", "BD", country)
    profile = FactoryProfile(status=FACTORY_STATUS_ACTIVE)
    for id in FACTORIES:
        made.tell("programme-factories", id, FactoryEnrolled(factory_id=id, country="BD", profile=profile))
    running = made.start()
    yield made
    running.stop()


@pytest.fixture(scope="module")
def world(process: ServiceProcess, issuer: Issuer) -> Iterator[World]:
    """People who call the process, at a time that they set; it knows both factories."""
    assert process.settings.business_clock_file
    clock.configure(process.settings.business_clock_file)
    made = World(issuer, process.settings.grpc_port, process.settings.business_clock_file)
    for id in FACTORIES:
        wait_until(partial(_knows, made, id), 120)
    yield made
    made.channel.close()
    clock.configure(None)


def _knows(world: World, factory: str) -> bool:
    try:
        world.plan(factory=factory)
    except Refused as refused:
        if refused.code == "UNAVAILABLE" or refused.reason in ("FACTORY_UNKNOWN", "COUNTRY_PROGRAMME_UNKNOWN"):
            return False
        raise
    return True


def test_a_plan_leaves_no_trace_until_the_visit_starts(process: ServiceProcess, world: World) -> None:
    secret, begun = plan_request(factory="bd-1002", first=11, last=20, days=(13,)), plan_request(factory="bd-1002")
    name = f"assessments/{secret.assessment_id}"
    world.call(LEADER, secret)
    world.call(
        LEADER,
        planning_pb2.RescheduleAssessmentRequest(
            name=name,
            window=assessment_pb2.Window(first_day=day(12), last_day=day(19)),
            on_site_days=[day(14), day(15)],
            request_id=new_id(),
        ),
    )
    reason = assessment_pb2.CANCEL_REASON_TEAM_UNAVAILABLE
    with pytest.raises(Refused):
        world.call(TARIQ, planning_pb2.StartAssessmentRequest(name=name, request_id=new_id()))
    world.call(LEADER, planning_pb2.CancelAssessmentRequest(name=name, reason=reason, request_id=new_id()))
    world.call(LEADER, begun)
    assert begun.assessment_id not in process.left_behind()
    start = planning_pb2.StartAssessmentRequest(name=f"assessments/{begun.assessment_id}", request_id=new_id())
    world.call(RINA, start)
    wait_until(lambda: process.told(STREAM, begun.assessment_id))
    wait_until(lambda: "AssessmentService/PlanAssessment" in process.left_behind())
    left = process.left_behind()
    assert begun.assessment_id in left, "or this test could not see a leak"
    dates = [(day(offset).year, day(offset).month, day(offset).day) for offset in (11, 12, 13, 14, 15, 19, 20)]
    written = [f"{year:04}-{month:02}-{number:02}" for year, month, number in dates]
    for canary in (secret.assessment_id, secret.request_id, *written):
        assert canary not in left


def test_free_text_stays_in_the_service(process: ServiceProcess, world: World) -> None:
    assessment_id = world.start()
    questions = world.answer_all(assessment_id)
    broken = [operation(questions[0], Finding.FINDING_NON_COMPLIANT, note="canary-words-of-a-worker")]
    world.call(RINA, record_request(assessment_id, broken))
    name = f"assessments/{assessment_id}"
    world.call(RINA, SubmitAssessmentRequest(name=name, request_id=new_id()))
    world.call(LEADER, ReleaseAssessmentRequest(name=name, request_id=new_id()))
    wait_until(partial(_has_told, process, assessment_id, 3))
    assert "canary-words" not in process.left_behind()
    with MongoClient[dict[str, Any]](process.settings.mongodb_uri, tz_aware=True) as client:
        database = client[process.settings.mongodb_database]
        holding = {
            name for name in database.list_collection_names() if "canary-words" in str(list(database[name].find()))
        }
    assert holding == {"assessments"}


def test_the_release_clock_reminds_and_escalates_once(process: ServiceProcess, world: World) -> None:
    assessment_id = world.start()
    try:
        # Due at the end of the 29th day from today, for the visit lasts until tomorrow: right at any hour of today.
        for count, days in enumerate((22.5, 27.5, 30), start=1):
            world.move_clock(timedelta(days=days).total_seconds())
            wait_until(partial(_has_said, process, assessment_id, count))
    finally:
        world.move_clock(0)
    said = _clock_facts(process, assessment_id)
    assert [kind for kind, _ in said] == ["ReleaseReminderDue", "ReleaseReminderDue", "ReleaseOverdue"]
    reminders = [events.ReleaseReminderDue.FromString(value) for _, value in said[:2]]
    assert [reminder.days_left for reminder in reminders] == [7, 2]
    assert {reminder.team_leader for reminder in reminders} == {LEADER}


def test_a_past_due_day_is_not_escalated_again_when_the_days_on_site_are_handed_in(
    process: ServiceProcess, world: World
) -> None:
    assessment_id, began = world.start(), day()
    world.answer_all(assessment_id)
    name = f"assessments/{assessment_id}"
    try:
        world.move_clock(timedelta(days=40).total_seconds())
        wait_until(lambda: "ReleaseOverdue" in dict(_clock_facts(process, assessment_id)))
        world.call(RINA, SubmitAssessmentRequest(name=name, on_site_days=[began], request_id=new_id()))
        assert not _armed(process, assessment_id), "an escalation that has been is not armed again"
        unclear = assessment_pb2.ReturnReason.RETURN_REASON_ANSWER_UNCLEAR
        world.call(LEADER, ReturnAssessmentRequest(name=name, reason=unclear, request_id=new_id()))
        world.call(RINA, SubmitAssessmentRequest(name=name, on_site_days=[began, day()], request_id=new_id()))
        assert _armed(process, assessment_id), "a due day that has yet to come is"
    finally:
        world.move_clock(0)


def test_a_released_report_stops_the_clock(process: ServiceProcess, world: World) -> None:
    assessment_id = world.release()
    world.move_clock(timedelta(days=40).total_seconds())
    try:
        other = world.start(factory="bd-1002")
        world.move_clock(timedelta(days=80).total_seconds())
        wait_until(partial(_has_said, process, other, 1))
        assert _clock_facts(process, assessment_id) == []
    finally:
        world.move_clock(0)


def _armed(process: ServiceProcess, assessment_id: str) -> bool:
    """Whether the escalation of this release is still to come."""
    with MongoClient[dict[str, Any]](process.settings.mongodb_uri) as client:
        rows = client[process.settings.mongodb_database]["due_work"]
        return rows.count_documents({"kind": "release-overdue", "key": assessment_id}) > 0


def _has_said(process: ServiceProcess, assessment_id: str, count: int) -> bool:
    return len(_clock_facts(process, assessment_id)) >= count


def _has_told(process: ServiceProcess, assessment_id: str, count: int) -> bool:
    return len(process.told(STREAM, assessment_id)) >= count


def _clock_facts(process: ServiceProcess, assessment_id: str) -> list[tuple[str, bytes]]:
    """Kind and value of what the clock made an assessment say."""
    said = process.told(STREAM, assessment_id).values()
    return [(kind, value) for kind, value in said if kind in ("ReleaseReminderDue", "ReleaseOverdue")]
