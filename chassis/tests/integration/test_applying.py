"""Applying against a real database: faults of the infrastructure, two workers, ends at bad moments, operators."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import ledger
import pytest
import raw
from google.protobuf.wrappers_pb2 import Int64Value
from harness import World

from chassis import fail_points, generations, operations, positions, stream
from chassis.applying import Applier, Record
from chassis.consumer import Consumer, Message
from chassis.database import client, db
from chassis.errors import Refusal, Unavailable
from chassis.fail_points import FailPointReached
from chassis.outcomes import NotYet
from chassis.parking import Skipped
from chassis.settings import Settings
from chassis.unit_of_work import unit_of_work

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("store")]
NAME = "greeter@1"


def record(key: str, sequence: int, amount: int = 0, event_id: str = "") -> Record:
    """A credit as the broker would give it."""
    headers, value = raw.fact(key, sequence, amount or sequence, event_id)
    return Record(ledger.STREAM, 0, sequence, value, tuple(headers))


def applier(consumer: Consumer = ledger.POLICY_READER, *, live: bool = True) -> Applier:
    """The consumer's applier, every fact being live or none."""
    return Applier(consumer, 1, lambda _: live)


def amounts(key: str) -> list[int]:
    """The effects."""
    row = db().counted.find_one({"_id": key})
    return row["amounts"] if row else []


def parked(key: str) -> list[int]:
    """The sequences that wait."""
    return [row["sequence"] for row in db().parked.find({"consumer": NAME, "key": key}).sort("_id", 1)]


@pytest.fixture
def failing_updates() -> Iterator[None]:
    """The server drops the connection at the next updates."""
    data = {"failCommands": ["update"], "namespace": f"{db().name}.counted", "closeConnection": True}
    client().admin.command("configureFailPoint", "failCommand", mode={"times": 3}, data=data)
    yield
    client().admin.command("configureFailPoint", "failCommand", mode="off")


def test_a_fault_of_the_database_is_waited_out_and_parks_nothing(failing_updates: None) -> None:
    """The message is innocent."""
    applier().apply([record("waits", 1), record("waits", 2)])
    assert amounts("waits") == [1, 2]
    assert parked("waits") == []


def test_a_service_that_is_down_is_waited_for_and_nothing_parks() -> None:
    """A handler that asks another service says Unavailable; the line waits until it is back."""
    asked: list[int] = []

    def handler(fact: Int64Value, message: Message) -> None:
        asked.append(fact.value)
        if len(asked) < 4:
            raise Unavailable("The other service does not answer.")
        ledger.count_when_credited(fact, message)

    consumer = Consumer("asking", [ledger.STREAM], projections={Int64Value: handler})
    Applier(consumer, 1, lambda _: True).apply([record("asking", 1)])
    assert asked == [1, 1, 1, 1]
    assert amounts("asking") == [1]
    assert db().parked.count_documents({"consumer": "asking@1"}) == 0


def test_a_batch_that_fails_goes_one_by_one(store: World) -> None:
    """One bad fact costs its aggregate only, in the same batch too."""
    db().switches.insert_one({"_id": "fail"})
    view = applier(ledger.VIEW_READER)
    view.apply([record("bad", 1, -5), record("good", 1), record("bad", 2), record("good", 2)])
    db().switches.delete_many({})
    rows = {row["_id"]: row.get("balance") for row in ledger.balances.collection(1).find()}
    assert rows == {"good": 3}
    assert view.drain(ledger.STREAM, "bad")
    assert ledger.balances.collection(1).find_one({"_id": "bad"})["balance"] == -3


def test_an_end_right_after_the_commit_doubles_nothing() -> None:
    """Effect and position are one: whoever goes on finds both or neither."""
    records = [record("committed", 1), record("committed", 2)]
    fail_points.hook("work.committed", _once(FailPointReached()))
    try:
        applier().apply(records)
    except FailPointReached:
        pass
    finally:
        fail_points.hook("work.committed", None)
    applier().apply(records)
    assert amounts("committed") == [1, 2]


def test_two_workers_on_the_same_records_apply_each_once() -> None:
    """As in a rebalance: they conflict on the position, and one of them reruns and finds duplicates."""
    records = [record(f"shared-{key}", sequence) for sequence in range(1, 6) for key in range(4)]
    workers = [threading.Thread(target=applier().apply, args=(records,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [amounts(f"shared-{key}") for key in range(4)] == [[1, 2, 3, 4, 5]] * 4
    assert db().parked.count_documents({"key": {"$regex": "^shared"}}) == 0


def test_an_end_between_filling_a_gap_and_draining_heals_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts that waited are tried again though no further fact arrives."""
    one = applier()
    one.apply([record("healing", 1), record("healing", 3), record("healing", 4)])
    with monkeypatch.context() as patch:
        patch.setattr(one, "drain", lambda *_: False)
        one.apply([record("healing", 2)])
    assert amounts("healing") == [1, 2]
    again = applier()
    again.retry_parked()
    assert amounts("healing") == [1, 2, 3, 4]
    assert parked("healing") == []


def test_a_reference_that_is_not_known_yet_is_tried_again_off_the_line() -> None:
    """NotYet waits like a poison, with its own reason."""
    known: list[bool] = []

    def handler(fact: Int64Value, message: object) -> None:
        if not known:
            raise NotYet("the other aggregate")
        ledger.count_when_credited(fact, message)  # type: ignore[arg-type]

    one = applier(Consumer("not-yet", [ledger.STREAM], projections={Int64Value: handler}))
    one.apply([record("early", 1), record("early", 2)])
    assert db().parked.find_one({"consumer": "not-yet@1"})["reason"] == "not-yet"
    known.append(True)
    db().parked.update_many({"consumer": "not-yet@1"}, [{"$set": {"next_attempt_at": "$parked_at"}}])
    one.retry_parked()
    assert amounts("early") == [1, 2]


def test_types_that_a_consumer_ignores_move_its_position() -> None:
    """Otherwise the next type that it reads would look like a gap."""
    only = Consumer("only-opened", [ledger.STREAM])
    Applier(only, 1, lambda _: True).apply([record("ignored", 1), record("ignored", 2)])
    assert db().positions.find_one({"consumer": "only-opened@1", "key": "ignored"})["sequence"] == 2
    assert db().parked.count_documents({"consumer": "only-opened@1"}) == 0


def test_an_operator_skips_the_first_parked_fact_only_and_it_is_noted() -> None:
    """What is given up is gone; what waited behind it goes on; the reason is kept."""
    db().consumers.insert_one(_row(NAME))
    broken = Record(ledger.STREAM, 0, 1, b"\xff\xff", tuple(raw.headers("skipped", 1)))
    one = applier()
    one.apply([broken, record("skipped", 2)])
    operator = operations.applier(ledger.CONSUMERS, NAME)
    with pytest.raises(Refusal):
        unit_of_work(lambda: operator.skip_head(ledger.STREAM, "skipped", 2, "not the first"))
    assert parked("skipped") == [1, 2]
    done = unit_of_work(lambda: operator.skip_head(ledger.STREAM, "skipped", 1, "was never right"))
    assert done == Skipped(still_parked=1, missing=0)
    one.retry_parked()
    assert amounts("skipped") == [2]
    assert db().operator_actions.find_one({"action": "skip"})["reason"] == "was never right"


def test_a_consumer_that_parks_too_much_halts_until_an_operator_clears_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The halt is durable, and what was parked before the clearing does not halt it again."""
    monkeypatch.setattr(stream, "PARKING_CAP", 3)
    name = "halting@1"
    db().consumers.insert_one(_row(name))
    consumer = Consumer("halting", [ledger.STREAM], projections={Int64Value: _refuse})
    thread = stream.ConsumerThread(_settings(), "ledger", consumer)
    Applier(consumer, 1, lambda _: True).apply([record(f"halting-{number}", 1) for number in range(3)])
    thread._halt_at_cap(name)
    assert "3 facts" in generations.halted(name)["reason"]
    unit_of_work(lambda: generations.clear_halt(name, "the release is rolled back"))
    assert generations.halted(name) is None
    thread._halt_at_cap(name)
    assert generations.halted(name) is None


def test_retries_back_off_and_never_stop() -> None:
    """Each failure doubles the pause."""
    consumer = Consumer("backing-off", [ledger.STREAM], projections={Int64Value: _refuse})
    one = Applier(consumer, 1, lambda _: True)
    one.apply([record("backing-off", 1)])
    pauses: list[timedelta] = []
    for _ in range(4):
        one.drain(ledger.STREAM, "backing-off")
        row = db().parked.find_one({"consumer": "backing-off@1"})
        pauses.append(row["next_attempt_at"] - row["parked_at"])
    assert pauses == sorted(pauses)
    assert row["attempts"] == 4


def _refuse(fact: Int64Value, message: object) -> None:
    raise ValueError("never")


def _row(name: str) -> dict[str, object]:
    return {"_id": name, "live_from": {}, "topics": {}, "remade": [], "remakes": 0, "first_start": datetime.now(UTC)}


def _settings() -> Settings:
    return Settings(mongodb_uri="mongodb://unused", mongodb_database="unused", kafka_bootstrap="127.0.0.1:1")


def _once(error: Exception) -> Callable[[], None]:
    raised: list[bool] = []

    def action() -> None:
        if not raised:
            raised.append(True)
            raise error

    return action


def test_a_position_is_guarded_by_what_was_read() -> None:
    """A row that moved in between makes the unit of work rerun, whoever moved it."""
    applier().apply([record("guarded", 1)])
    runs: list[int] = []

    def work() -> None:
        before = positions.load_one(NAME, ledger.STREAM, "guarded")
        runs.append(before.sequence)
        if len(runs) == 1:
            db().positions.update_one({"_id": before.id}, {"$set": {"sequence": 5}})
        positions.save([(before, before.moved(before.sequence + 1, "next"))])

    unit_of_work(work)
    assert len(runs) == 2
