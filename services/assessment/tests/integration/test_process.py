"""One process, real topics: what programme says is learnt, deadlines fire, and a secret plan leaves no trace."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from amplify.assessment.v1 import assessment_events_pb2 as events
from amplify.assessment.v1 import assessment_pb2, planning_pb2
from amplify.assessment.v1.assessment_service_pb2 import ReleaseAssessmentRequest, SubmitAssessmentRequest
from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.programme_events_pb2 import CountryProgrammeRevised, FactoryEnrolled, FactoryProfile
from assessment.settings import AssessmentSettings
from chassis.registry import streams
from local_stack.issuer import Issuer
from local_stack.ports import Ports

from .conftest import CLOCKS
from .process import Running, running, wait_for
from .world import LEADER, RINA, TARIQ, Finding, Refused, World, day, new_id, operation, plan_request, record_request

pytestmark = pytest.mark.stack
STREAM = "assessment-assessments"


@pytest.fixture(scope="module")
def process(
    mongodb_uri: str, kafka_bootstrap: str, issuer: Issuer, test_ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
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
    with running(settings, issuer, folder) as made:
        made.tell(
            "programme-country-programmes",
            "BD",
            CountryProgrammeRevised(country="BD", time_zone="Asia/Dhaka", clocks=CLOCKS),
        )
        profile = FactoryProfile(status=FACTORY_STATUS_ACTIVE)
        for id in ("bd-1001", "bd-1002"):
            made.tell("programme-factories", id, FactoryEnrolled(factory_id=id, country="BD", profile=profile))
        for id in ("bd-1001", "bd-1002"):
            wait_for(partial(_knows, made.world, id))
        yield made


def _knows(world: World, factory: str) -> bool:
    try:
        world.plan(factory=factory)
    except Refused as refused:
        if refused.code == "UNAVAILABLE" or refused.reason in ("FACTORY_UNKNOWN", "COUNTRY_PROGRAMME_UNKNOWN"):
            return False
        raise
    return True


def _left_behind(process: Running) -> str:
    """Everything that left the database: logs, spans and the raw records of every topic."""
    files = [process.log, *sorted(Path(process.folder / "spans").rglob("*"))]
    told = [file.read_text() for file in files if file.is_file()]
    records = [
        repr((record.key, record.value, record.headers)) for name in streams() for record in process.published(name)
    ]
    return "\n".join([*told, *records])


def test_a_plan_leaves_no_trace_until_the_visit_starts(process: Running) -> None:
    world = process.world
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
    assert begun.assessment_id not in _left_behind(process)
    start = planning_pb2.StartAssessmentRequest(name=f"assessments/{begun.assessment_id}", request_id=new_id())
    world.call(RINA, start)
    wait_for(lambda: any(record.key == begun.assessment_id.encode() for record in process.published(STREAM)))
    wait_for(lambda: "AssessmentService/PlanAssessment" in _left_behind(process))
    left = _left_behind(process)
    assert begun.assessment_id in left, "or this test could not see a leak"
    dates = [(day(offset).year, day(offset).month, day(offset).day) for offset in (11, 12, 13, 14, 15, 19, 20)]
    written = [f"{year:04}-{month:02}-{number:02}" for year, month, number in dates]
    for canary in (secret.assessment_id, secret.request_id, *written):
        assert canary not in left


def test_free_text_stays_in_the_service(process: Running) -> None:
    world = process.world
    assessment_id = world.start()
    questions = world.answer_all(assessment_id)
    broken = [operation(questions[0], Finding.FINDING_NON_COMPLIANT, note="canary-words-of-a-worker")]
    world.call(RINA, record_request(assessment_id, broken))
    name = f"assessments/{assessment_id}"
    world.call(RINA, SubmitAssessmentRequest(name=name, request_id=new_id()))
    world.call(LEADER, ReleaseAssessmentRequest(name=name, request_id=new_id()))
    wait_for(partial(_has_told, process, assessment_id, 3))
    assert "canary-words" not in _left_behind(process)
    with MongoClient[dict[str, Any]](process.settings.mongodb_uri, tz_aware=True) as client:
        database = client[process.settings.mongodb_database]
        holding = {
            name for name in database.list_collection_names() if "canary-words" in str(list(database[name].find()))
        }
    assert holding == {"assessments"}


def test_the_release_clock_reminds_and_escalates_once(process: Running) -> None:
    world = process.world
    assessment_id = world.start()
    try:
        # Due at the end of the 29th day from today, for the visit lasts until tomorrow: right at any hour of today.
        for count, days in enumerate((22.5, 27.5, 30), start=1):
            world.move_clock(timedelta(days=days).total_seconds())
            wait_for(partial(_has_said, process, assessment_id, count))
    finally:
        world.move_clock(0)
    said = _clock_facts(process, assessment_id)
    assert [kind for kind, _ in said] == ["ReleaseReminderDue", "ReleaseReminderDue", "ReleaseOverdue"]
    reminders = [events.ReleaseReminderDue.FromString(value) for _, value in said[:2]]
    assert [reminder.days_left for reminder in reminders] == [7, 2]
    assert {reminder.team_leader for reminder in reminders} == {LEADER}


def test_a_released_report_stops_the_clock(process: Running) -> None:
    world = process.world
    assessment_id = world.release()
    world.move_clock(timedelta(days=40).total_seconds())
    try:
        other = world.start(factory="bd-1002")
        world.move_clock(timedelta(days=80).total_seconds())
        wait_for(partial(_has_said, process, other, 1))
        assert _clock_facts(process, assessment_id) == []
    finally:
        world.move_clock(0)


def _has_said(process: Running, assessment_id: str, count: int) -> bool:
    return len(_clock_facts(process, assessment_id)) >= count


def _has_told(process: Running, assessment_id: str, count: int) -> bool:
    records = [record for record in process.published(STREAM) if record.key == assessment_id.encode()]
    return len({dict(record.headers)["ce_id"] for record in records}) >= count


def _clock_facts(process: Running, assessment_id: str) -> list[tuple[str, bytes]]:
    """Type and value of what the clock made an assessment say, in order and each once, whatever the relay repeated."""
    said = {}
    for record in process.published(STREAM):
        headers = dict(record.headers)
        kind = headers["ce_type"].decode().rsplit(".", 1)[-1]
        if record.key == assessment_id.encode() and kind in ("ReleaseReminderDue", "ReleaseOverdue"):
            said[headers["ce_id"]] = (kind, record.value)
    return list(said.values())
