"""The port to the broker acknowledges only what its handler has finished."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import raw
from harness import World
from ledger import STREAM
from raw import RawProducer

from chassis import kafka_clients, offsets
from chassis.applying import Record
from chassis.faust_port import FaustPort
from chassis.ids import new_id
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
LONGER_THAN_THE_COMMIT_INTERVAL = 2.5


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client commits what is acknowledged ten times a second, not every third."""
    monkeypatch.setenv("BROKER_COMMIT_INTERVAL", "0.1")


@pytest.fixture
def group(world: World) -> str:
    """A group with one record to read."""
    with RawProducer(world) as producer:
        producer.send(*raw.fact("one", 1))
    return f"group-{new_id()}"


@contextmanager
def running(port: FaustPort) -> Iterator[None]:
    """The port at work on a thread of its own."""
    thread = threading.Thread(target=port.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        port.stop()
        thread.join(60)
    assert not thread.is_alive()


def committed(world: World, group: str) -> dict[tuple[str, int], int]:
    """What the group has acknowledged."""
    admin = kafka_clients.admin(world.settings)
    try:
        return {place: offset for place, offset in offsets.committed(admin, group).items() if offset > 0}
    finally:
        admin.close()


def test_no_offset_is_committed_before_its_effect(world: World, group: str) -> None:
    """While the handler is at work the record stays unacknowledged, however long that takes."""
    entered, leave = threading.Event(), threading.Event()

    def handle(records: list[Record]) -> None:
        entered.set()
        leave.wait(120)

    with running(FaustPort(world.settings, group, [STREAM], handle)):
        try:
            assert entered.wait(60)
            time.sleep(LONGER_THAN_THE_COMMIT_INTERVAL)
            assert committed(world, group) == {}
        finally:
            leave.set()
        wait_until(lambda: committed(world, group) == {(world.topic, 0): 1})


def test_a_handler_that_raises_acknowledges_nothing_and_ends_the_port(world: World, group: str) -> None:
    """The next port of the group gets the record again."""

    def refuse(records: list[Record]) -> None:
        raise InterruptedError("stopping")

    with pytest.raises(RuntimeError):
        FaustPort(world.settings, group, [STREAM], refuse).run()
    assert committed(world, group) == {}
    seen: list[Record] = []
    with running(FaustPort(world.settings, group, [STREAM], seen.extend)):
        wait_until(lambda: [record.offset for record in seen][:1] == [0])
