"""The watchdog tells stuck from idle and from halted, and notices topics that were made anew."""

import threading
from collections.abc import Iterator

import ledger
import pytest
import raw
from google.protobuf.wrappers_pb2 import Int64Value
from harness import World
from raw import RawProducer

from chassis import generations, kafka_clients
from chassis.consumer import Consumer
from chassis.database import db
from chassis.stream import ConsumerThread
from chassis.watchdog import Watchdog
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
STALL_SECONDS = 2.0


@pytest.fixture
def leave() -> Iterator[threading.Event]:
    """Lets the handler that hangs go on."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def watched(world: World, leave: threading.Event) -> Iterator[ConsumerThread]:
    """A consumer whose handler hangs, under a watchdog that soon loses patience."""

    def hang(fact: Int64Value, message: object) -> None:
        leave.wait(120)

    settings = world.settings.model_copy(update={"stall_seconds": STALL_SECONDS})
    thread = ConsumerThread(settings, "ledger", Consumer("hanging", [ledger.STREAM], projections={Int64Value: hang}))
    end = threading.Event()
    thread.start()
    wait_until(lambda: thread.port)
    Watchdog(settings, [thread], end).start()
    yield thread
    end.set()
    leave.set()
    thread.stop()
    thread.join(60)


def test_a_consumer_that_hangs_ends_its_process(world: World, watched: ConsumerThread) -> None:
    """Lag, no progress, no halt: a restart cures most of that."""
    with RawProducer(world) as producer:
        producer.send(*raw.fact("one", 1))
    wait_until(lambda: watched.failure)
    assert "stuck" in str(watched.failure)


def test_one_that_is_idle_or_halted_goes_on(world: World, watched: ConsumerThread, leave: threading.Event) -> None:
    """Nothing to do is no trouble, and a halt is an operator's to clear."""
    leave.wait(STALL_SECONDS * 2)
    assert watched.failure is None
    generations.halt("hanging@1", "a test")
    with RawProducer(world) as producer:
        producer.send(*raw.fact("one", 1))
    leave.wait(STALL_SECONDS * 2)
    assert watched.failure is None
    assert db().positions.count_documents({"consumer": "hanging@1"}) == 0
    leave.set()
    db().consumers.update_one({"_id": "hanging@1"}, {"$unset": {"halted": ""}})
    wait_until(lambda: db().positions.find_one({"consumer": "hanging@1", "sequence": 1}))


def test_topics_that_were_made_anew_end_the_process(world: World, watched: ConsumerThread) -> None:
    """It must begin at their start, and not where it stood in the old ones."""
    admin = kafka_clients.admin(world.settings)
    admin.delete_topics([world.topic])
    wait_until(lambda: world.topic not in admin.list_topics())
    admin.close()
    world.make_topics()
    wait_until(lambda: watched.failure)
