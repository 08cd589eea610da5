"""Holds through the real server: kept by managers of the country, told without a cause, and nowhere else to be seen."""

from typing import Any

import pytest
from kafka import KafkaConsumer

from amplify.programme.v1 import factory_service_pb2 as factories
from amplify.programme.v1 import hold_events_pb2, hold_pb2
from amplify.programme.v1 import hold_service_pb2 as pb
from amplify.programme.v1 import timeline_service_pb2 as timelines
from local_stack import topic_records
from local_stack.waiting import wait_until

from .world import (
    ADVISOR,
    FACTORY,
    FINANCE,
    MANAGER_BD,
    MANAGER_KH,
    OFFICER,
    PEOPLE,
    SERVICE,
    Refused,
    World,
    new_id,
)

pytestmark = pytest.mark.stack
WORDS = "a child of twelve at machine nine"
ABUSE = hold_pb2.HOLD_CAUSE_PHYSICAL_ABUSE
MARKS = (WORDS.encode(), b"PHYSICAL_ABUSE", b"physical-abuse")


def place(world: World, factory: str, person: str = MANAGER_BD, **fields: Any) -> hold_pb2.Hold:
    values: dict[str, Any] = {"hold_id": new_id(), "cause": ABUSE, "cause_text": WORDS, "request_id": new_id()} | fields
    placed: hold_pb2.Hold = world.call(person, pb.PlaceHoldRequest(parent=factory, **values)).hold
    return placed


def lift(world: World, name: str, person: str = MANAGER_BD) -> hold_pb2.Hold:
    asked = pb.LiftHoldRequest(name=name, lift_text=WORDS, request_id=new_id())
    lifted: hold_pb2.Hold = world.call(person, asked).hold
    return lifted


def listed(world: World, parent: str = "factories/-", person: str = MANAGER_BD, **fields: Any) -> pb.ListHoldsResponse:
    answer: pb.ListHoldsResponse = world.call(person, pb.ListHoldsRequest(parent=parent, **fields))
    return answer


def records(world: World, streams: str = "") -> list[Any]:
    """Everything on the world's topics whose stream begins so."""
    consumer = KafkaConsumer(bootstrap_servers=world.environ["KAFKA_BOOTSTRAP"])
    prefix = f"{world.environ['TOPIC_PREFIX']}{streams}"
    topics = [topic for topic in consumer.topics() if topic.startswith(prefix)]
    return topic_records.whole(consumer, *topics)


def test_managers_of_the_country_place_list_and_lift(world: World) -> None:
    factory = world.enrol().name
    placed = place(world, factory)
    assert placed.name.startswith(f"{factory}/holds/")
    assert (placed.cause, placed.cause_text, placed.placed_by) == (ABUSE, WORDS, MANAGER_BD)
    assert list(listed(world, factory).holds) == [placed]
    lifted = lift(world, placed.name)
    assert (lifted.state, lifted.lifted_by, lifted.lift_text) == (hold_pb2.HOLD_STATE_LIFTED, MANAGER_BD, WORDS)
    assert listed(world, factory, state=hold_pb2.HOLD_STATE_OPEN).total_size == 0
    assert list(listed(world, factory).holds) == [lifted]


def test_a_retry_places_one_hold(world: World) -> None:
    factory = world.enrol().name
    same = {"hold_id": new_id(), "request_id": new_id()}
    assert place(world, factory, **same) == place(world, factory, **same)
    assert listed(world, factory).total_size == 1


def test_managers_of_another_country_learn_nothing(world: World) -> None:
    factory = world.enrol().name
    place(world, factory)
    assert listed(world, factory, MANAGER_KH).total_size == 0
    assert all(hold.country == "KH" for hold in listed(world, person=MANAGER_KH).holds)


def test_the_list_of_a_country_pages_the_latest_first(world: World) -> None:
    names = [place(world, world.enrol(country="KH").name, MANAGER_KH).name for _ in range(3)]
    first = listed(world, person=MANAGER_KH, page_size=2)
    second = listed(world, person=MANAGER_KH, page_size=2, page_token=first.next_page_token)
    assert [hold.name for hold in (*first.holds, *second.holds)] == names[::-1]
    assert (first.total_size, second.next_page_token) == (3, "")


def test_several_causes_look_like_one_hold_from_outside(world: World) -> None:
    factory = world.enrol().name
    key = factory.split("/")[1]
    first, second = place(world, factory), place(world, factory, cause=hold_pb2.HOLD_CAUSE_INTEGRITY)
    lift(world, first.name)
    assert world.facts(key) == ["FactoryEnrolled", "HoldPlaced", "HoldAdded", "HoldEnded"]
    told = world.database.facts.find({"key": key, "stream": "programme-holds"})
    assert [row["type"] for row in told] == ["amplify.programme.v1.HoldPlaced"]
    lift(world, second.name)
    assert world.facts(key)[-1] == "HoldLifted"


def test_the_topic_says_whether_and_since_when_and_no_topic_log_or_span_says_why(world: World) -> None:
    factory = world.enrol().name
    key = factory.split("/")[1]
    hold = place(world, factory)
    with pytest.raises(Refused):
        place(world, factory, OFFICER)
    lift(world, hold.name)
    published = {"key": key, "stream": "programme-holds", "pending": {"$exists": False}}
    wait_until(lambda: world.database.facts.count_documents(published) == 2, 60, "both are published")
    everything = list(records(world))
    told = list(
        {
            dict(record.headers)["ce_id"]: record
            for record in everything
            if "programme-holds" in record.topic and record.key == key.encode()
        }.values()
    )
    assert len(told) == 2
    facts: list[Any] = [
        hold_events_pb2.HoldPlaced.FromString(told[0].value),
        hold_events_pb2.HoldLifted.FromString(told[1].value),
    ]
    assert [(fact.factory_id, fact.country, len(fact.ListFields())) for fact in facts] == [(key, "BD", 3)] * 2
    for record in everything:
        said = record.value + b"".join(name.encode() + value for name, value in record.headers)
        assert not [mark for mark in MARKS if mark in said], record.topic

    def left_behind() -> bytes:
        return b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())

    wait_until(lambda: b"PlaceHold" in left_behind(), what="logs and spans are written")
    written = left_behind()
    assert not [mark for mark in MARKS if mark in written]
    kept = str(list(world.database.facts.find({"key": key})))
    assert WORDS not in kept
    assert "physical" not in kept


@pytest.mark.parametrize("person", [OFFICER, ADVISOR, FINANCE, FACTORY, SERVICE])
def test_others_see_the_same_of_a_factory_with_a_hold_and_without(world: World, person: str) -> None:
    """Neither a list nor a timeline shows it, nor that the timeline waits for something."""
    world.settle()
    held = world.factory("factories/bd-1001")
    whole = timelines.ListTimelineEntriesRequest(parent=held.name)
    wait_until(lambda: not world.call(OFFICER, whole).HasField("stale_since"), what="what was told before is shown")

    def seen() -> list[Any]:
        timeline = world.call(person, timelines.ListTimelineEntriesRequest(parent=held.name))
        shown = world.call(person, factories.GetFactoryRequest(name=held.name)).factory
        return [timeline, shown, world.call(person, factories.ListFactoriesRequest(search="1001"))]

    before = seen()
    hold = place(world, held.name)
    assert seen() == before
    lift(world, hold.name)
    assert seen() == before
    assert person in PEOPLE
    for request in (pb.ListHoldsRequest(parent=held.name), pb.ListHoldsRequest(parent="factories/-")):
        with pytest.raises(Refused) as refusal:
            world.call(person, request)
        assert refusal.value.code == "PERMISSION_DENIED"
