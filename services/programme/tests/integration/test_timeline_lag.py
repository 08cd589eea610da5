"""What a timeline says of its own lag: it names what is known to be missing, and claims nothing for anybody else."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from kafka import KafkaProducer

from amplify.assessment.v1 import assessment_events_pb2 as assessment
from amplify.assessment.v1 import report_pb2
from amplify.programme.v1 import factory_pb2
from amplify.programme.v1 import factory_service_pb2 as factories
from amplify.programme.v1 import timeline_service_pb2 as pb
from chassis.envelope import encode
from chassis.facts import envelope_of
from local_stack.waiting import wait_until

from .test_consents import grant
from .test_timeline import MARCH, publish, steps
from .world import OFFICER, World, new_id, utc_now

pytestmark = pytest.mark.stack
READER = "timeline@1"


def stale_since(world: World, factory: str) -> datetime | None:
    listed = world.call(OFFICER, pb.ListTimelineEntriesRequest(parent=factory))
    return listed.stale_since.ToDatetime(UTC) if listed.HasField("stale_since") else None


def relay(world: World, key: str, *, broken: bool = False) -> None:
    """Publish the latest fact of an aggregate as the relay would, or with a value that nobody can read."""
    row = world.database.facts.find_one({"key": key}, sort=[("order", -1)])
    assert row is not None
    producer = KafkaProducer(bootstrap_servers=world.environ["KAFKA_BOOTSTRAP"])
    value = b"\xff" if broken else bytes(row["value"])
    topic = f"{world.environ['TOPIC_PREFIX']}{row['stream']}"
    producer.send(topic, value, key=key.encode(), headers=encode(envelope_of(row)))
    producer.flush()
    producer.close()


def recorded_at(world: World, key: str) -> datetime:
    row = world.database.facts.find_one({"key": key}, sort=[("order", -1)])
    assert row is not None
    at: datetime = row["recorded_at"]
    return at


@contextmanager
def reading(world: World) -> Iterator[None]:
    """The consumer runs."""
    process = world.start("stream")
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def enrol(world: World) -> str:
    """A factory whose first fact is published."""
    name = world.enrol().name
    relay(world, name.split("/")[1])
    return name


def released(factory: str, assessment_id: str) -> assessment.ReportReleased:
    return assessment.ReportReleased(
        assessment_id=assessment_id, factory_id=factory.split("/")[1], country="BD", overall=report_pb2.Rate(assessed=1)
    )


def up_to_date(world: World, *names: str) -> None:
    wait_until(lambda: all(stale_since(world, name) is None for name in names), 120, "nothing is missing")


def parked(world: World, key: str) -> None:
    wait_until(lambda: world.database.parked.find_one({"consumer": READER, "key": key}), 90, "it is parked")


def test_while_nobody_reads_a_fact_of_another_service_is_said_to_be_missing(parted: World) -> None:
    name, visit = enrol(parted), new_id()
    with reading(parted):
        up_to_date(parted, name)
    before = utc_now()
    publish(parted, "assessment-assessments", visit, released(name, visit), at=before)
    since = wait_until(lambda: stale_since(parted, name), what="it says that it lags")
    assert recorded_at(parted, name.split("/")[1]) <= since <= before
    assert steps(parted, name) == ["FactoryEnrolled"]
    with reading(parted):
        up_to_date(parted, name)
        assert "ReportReleased" in steps(parted, name)


def test_a_halted_reader_is_late_from_what_it_leaves_lying(parted: World) -> None:
    name, visit = enrol(parted), new_id()
    with reading(parted):
        up_to_date(parted, name)
        parted.database.consumers.update_one({"_id": READER}, {"$set": {"halted": {"since": utc_now(), "reason": "x"}}})
        before = utc_now()
        publish(parted, "assessment-assessments", visit, released(name, visit), at=before)
        assert wait_until(lambda: stale_since(parted, name), what="it says that it lags") <= before
        parted.run("clear-halt", READER, "a test")
        up_to_date(parted, name)


def test_a_parked_fact_makes_its_own_factory_stale_and_no_other(parted: World) -> None:
    name, other, visit = enrol(parted), enrol(parted), new_id()
    with reading(parted):
        up_to_date(parted, name, other)
        publish(parted, "assessment-assessments", visit, released(name, visit), at=MARCH, first=2)
        parked(parted, visit)
        up_to_date(parted, other)
        assert stale_since(parted, name) == MARCH


def test_what_an_operator_skips_is_not_missing(parted: World) -> None:
    name = enrol(parted)
    key = name.split("/")[1]
    with reading(parted):
        up_to_date(parted, name)
        changed = factory_pb2.Factory(name=name, display_name="Another name")
        parted.call(
            OFFICER,
            factories.UpdateFactoryRequest(
                factory=changed, update_mask=FieldMask(paths=["display_name"]), request_id=new_id()
            ),
        )
        assert stale_since(parted, name) == recorded_at(parted, key)
        relay(parted, key, broken=True)
        parked(parted, key)
        assert stale_since(parted, name) == recorded_at(parted, key)
        parted.run("skip", READER, "programme-factories", key, "2", "a test")
        up_to_date(parted, name)


def test_a_consent_that_is_not_published_yet_is_missing(parted: World) -> None:
    name = enrol(parted)
    with reading(parted):
        up_to_date(parted, name)
        consent = grant(parted, name, parted.organisation())
        key = consent.name.split("/")[1]
        assert stale_since(parted, name) == recorded_at(parted, key)
        relay(parted, key)
        up_to_date(parted, name)


def test_a_record_that_nobody_can_read_may_be_about_any_factory(parted: World) -> None:
    name = enrol(parted)
    with reading(parted):
        up_to_date(parted, name)
        producer = KafkaProducer(bootstrap_servers=parted.environ["KAFKA_BOOTSTRAP"])
        lies = producer.send(f"{parted.environ['TOPIC_PREFIX']}training-sessions", b"?", key=b"?").get(30)
        producer.close()
        wait_until(lambda: stale_since(parted, name), what="it says that it lags")
        assert parted.database.parked.find_one({"reason": "unreadable"})
        parted.run("dismiss", READER, "training-sessions", f"{lies.partition}:{lies.offset}", "a test")
        up_to_date(parted, name)
