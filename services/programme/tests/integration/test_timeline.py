"""The timeline of a factory, out of real topics: own facts through the relay, facts of other services as they come."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from kafka import KafkaProducer

from amplify.assessment.v1 import assessment_events_pb2 as assessment
from amplify.assessment.v1 import assessment_pb2, report_pb2
from amplify.notifications.v1 import message_events_pb2 as notifications
from amplify.notifications.v1 import message_pb2
from amplify.programme.v1 import factory_pb2, timeline_pb2
from amplify.programme.v1 import factory_service_pb2 as factories_pb2
from amplify.programme.v1 import timeline_service_pb2 as pb
from chassis.envelope import Envelope, encode
from chassis.ids import new_id as event_id
from local_stack.waiting import wait_until

from .test_consents import grant
from .world import BUYER, MANAGER_KH, OFFICER, Refused, World, new_id

pytestmark = pytest.mark.stack
TRACE = "0af7651916cd43dd8448eb211c80319c"
MARCH = datetime(2026, 3, 9, 8, tzinfo=UTC)


def entries(world: World, factory: str, person: str = OFFICER) -> list[timeline_pb2.TimelineEntry]:
    """The whole timeline, oldest first."""
    listed = world.call(person, pb.ListTimelineEntriesRequest(parent=factory, page_size=500))
    return list(reversed(listed.timeline_entries))


def steps(world: World, factory: str, person: str = OFFICER) -> list[str]:
    return [entry.event.rpartition(".")[2] for entry in entries(world, factory, person)]


def settled(world: World, factory: str, count: int) -> list[timeline_pb2.TimelineEntry]:
    """The timeline once it has so many steps."""
    wait_until(lambda: len(steps(world, factory)) >= count, 90, f"{count} steps: {steps(world, factory)}")
    return entries(world, factory)


def publish(
    world: World, stream: str, key: str, *facts: Proto, at: datetime = MARCH, times: int = 1, first: int = 1
) -> None:
    """Put facts of another service on its topic, each so many times and numbered from `first`, as its relay would."""
    producer = KafkaProducer(bootstrap_servers=world.environ["KAFKA_BOOTSTRAP"])
    for sequence, fact in enumerate(facts, start=first):
        envelope = Envelope(
            event_id(), fact.DESCRIPTOR.full_name, "/other", key, at, sequence, actor="person",
            traceparent=f"00-{TRACE}-b7ad6b7169203331-01",
        )  # fmt: skip
        for _ in range(times):
            topic = f"{world.environ['TOPIC_PREFIX']}{stream}"
            producer.send(topic, fact.SerializeToString(), key=key.encode(), headers=encode(envelope))
    producer.flush()
    producer.close()


def stamp(time: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(time)
    return made


def started(factory: str, assessment_id: str) -> assessment.AssessmentStarted:
    planned = assessment.PlanStep(
        kind=assessment_pb2.PLAN_CHANGE_KIND_PLANNED,
        change_time=stamp(MARCH.replace(month=1)),
        actor="planner",
        first_day=Date(year=2026, month=2, day=2),
        last_day=Date(year=2026, month=2, day=13),
    )
    moved = assessment.PlanStep()
    moved.CopyFrom(planned)
    moved.kind = assessment_pb2.PLAN_CHANGE_KIND_RESCHEDULED
    moved.change_time.FromDatetime(MARCH.replace(month=2))
    return assessment.AssessmentStarted(
        assessment_id=assessment_id, factory_id=factory, country="BD", questionnaire_id="q-bd",
        plan_history=[planned, moved], release_due_time=stamp(MARCH.replace(month=4)),
    )  # fmt: skip


def test_own_facts_appear_with_codes_trace_and_resource(world: World) -> None:
    name = world.enrol().name
    strike = factory_pb2.SUSPEND_REASON_STRIKE
    world.call(OFFICER, factories_pb2.SuspendFactoryRequest(name=name, reason=strike, request_id=new_id()))
    consent = grant(world, name, world.organisation())
    enrolled, suspended, granted = settled(world, name, 3)
    assert enrolled.event == "amplify.programme.v1.FactoryEnrolled"
    assert (suspended.details["reason"], suspended.subject, suspended.actor) == ("STRIKE", name, OFFICER)
    assert granted.subject == consent.name
    assert granted.details["scope"] == "REPORTS"
    assert f"organisations/{granted.details['organisation_id']}" == consent.organisation
    assert all(len(entry.trace_id) == 32 and entry.event_id for entry in (enrolled, suspended, granted))


def test_a_started_visit_shows_its_plan_at_the_times_it_was_made(world: World) -> None:
    name = world.enrol().name
    factory, visit = name.split("/")[1], new_id()
    released = assessment.ReportReleased(
        assessment_id=visit, factory_id=factory, country="BD", overall=report_pb2.Rate(non_compliant=3, assessed=17)
    )
    publish(world, "assessment-assessments", visit, started(factory, visit), released, times=3)
    planned, moved, begun, report, _ = settled(world, name, 5)
    assert [planned.details["kind"], moved.details["kind"]] == ["PLANNED", "RESCHEDULED"]
    assert planned.happen_time.ToDatetime(UTC) == MARCH.replace(month=1)
    assert (planned.actor, planned.details["first_day"]) == ("planner", "2026-02-02")
    assert begun.event == "amplify.assessment.v1.AssessmentStarted"
    assert (begun.trace_id, begun.subject) == (TRACE, f"assessments/{visit}")
    assert (report.details["non_compliant"], report.details["assessed"]) == ("3", "17")


def test_messages_appear_without_their_recipient_and_those_of_no_factory_nowhere(world: World) -> None:
    name = world.enrol().name
    message_id = new_id()
    sent = notifications.MessageSent(
        message_id=message_id, rule="consent-granted", channel=message_pb2.CHANNEL_EMAIL, audience="buyers",
        cause_event="amplify.programme.v1.ConsentGranted", factory_id=name.split("/")[1], country="BD",
    )  # fmt: skip
    publish(world, "notifications-messages", message_id, sent)
    other = new_id()
    publish(world, "notifications-messages", other, notifications.MessageSent(message_id=other, rule="welcome"))
    told = settled(world, name, 2)[0]
    assert (told.subject, told.details["channel"], told.details["audience"]) == (
        f"messages/{message_id}",
        "EMAIL",
        "buyers",
    )
    assert world.database.view_timeline_1.count_documents({"subject": f"messages/{other}"}) == 0


def test_the_timeline_pages_and_says_when_it_is_up_to_date(world: World) -> None:
    name = world.enrol().name
    for verb in (1, 2):
        request = factories_pb2.SuspendFactoryRequest(
            name=name, reason=factory_pb2.SUSPEND_REASON_OTHER, request_id=new_id()
        )  # fmt: skip
        world.call(OFFICER, request)
        world.call(OFFICER, factories_pb2.ReinstateFactoryRequest(name=name, request_id=new_id()))
        assert verb
    settled(world, name, 5)
    first = world.call(OFFICER, pb.ListTimelineEntriesRequest(parent=name, page_size=3))
    second = world.call(
        OFFICER, pb.ListTimelineEntriesRequest(parent=name, page_size=3, page_token=first.next_page_token)
    )
    assert (first.total_size, len(first.timeline_entries), len(second.timeline_entries)) == (5, 3, 2)
    assert not second.next_page_token
    whole = pb.ListTimelineEntriesRequest(parent=name)
    wait_until(lambda: not world.call(OFFICER, whole).HasField("stale_since"), what="the reader says that it is there")
    times = [entry.happen_time.ToNanoseconds() for entry in (*first.timeline_entries, *second.timeline_entries)]
    assert times == sorted(times, reverse=True)


def test_a_timeline_that_lags_says_up_to_when_it_is_good(apart: World) -> None:
    name = apart.enrol().name
    listed = apart.call(OFFICER, pb.ListTimelineEntriesRequest(parent=name))
    fact = apart.database.facts.find_one({"key": name.split("/")[1]})
    assert fact is not None
    assert list(listed.timeline_entries) == []
    assert listed.stale_since.ToDatetime(UTC) == fact["recorded_at"]


def test_a_partner_sees_its_own_consents_alone_and_other_countries_nothing(world: World) -> None:
    name = world.enrol().name
    grant(world, name, world.organisation())
    world.settle()
    ours = grant(world, name)
    settled(world, name, 3)
    assert [entry.subject for entry in entries(world, name, BUYER)] == [ours.name]
    with pytest.raises(Refused) as refusal:
        entries(world, name, MANAGER_KH)
    assert refusal.value.reason == "NOT_FOUND"


def at_rest(world: World) -> list[dict[str, Any]]:
    """The timeline of all factories, once nothing that was told before is on its way to it."""
    rows: list[list[dict[str, Any]]] = [[]]

    def rests() -> bool:
        told = not world.database.facts.find_one({"pending": True})
        time.sleep(1)
        rows.append(list(world.database.view_timeline_1.find().sort("_id", 1)))
        return told and rows[-1] == rows[-2]

    wait_until(rests, what="the timeline rests")
    return rows[-1]


def test_a_rebuild_gives_the_same_content(world: World) -> None:
    name = world.enrol().name
    settled(world, name, 1)
    before = at_rest(world)
    assert {row["event"].split(".")[1] for row in before} >= {"programme", "assessment", "notifications"}
    world.run("rebuild", "timeline")
    live = world.database.views.find_one({"_id": "timeline"})
    assert live is not None
    after = list(world.database[f"view_timeline_{live['live']}"].find().sort("_id", 1))
    assert after == before
    assert steps(world, name) == ["FactoryEnrolled"]
