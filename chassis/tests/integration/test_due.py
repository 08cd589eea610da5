"""Due work happens with its disappearance, or not at all."""

from datetime import timedelta

import ledger
import pytest

from chassis import clock, due_work
from chassis.database import db
from chassis.due_work import Again, Due, DueWorker, Outside, deadlines
from chassis.unit_of_work import unit_of_work

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("store")]


@pytest.fixture(autouse=True)
def nothing_else() -> None:
    """Only this test's work."""
    db().due_work.delete_many({})


def turn(worker: DueWorker) -> int:
    """One look of the worker; how much was due."""
    rows = worker._claim()
    for row in rows:
        worker.do(row)
    return len(rows)


def hasten() -> None:
    """Let what was put off be due now."""
    db().due_work.update_many({}, {"$set": {"due_at": clock.now(), "leased_until": None}})


def test_a_handler_that_fails_keeps_the_work_and_does_not_half_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Effect and removal are one transaction."""
    monkeypatch.setattr(due_work, "FIRST_RETRY", timedelta(hours=1))
    ledger.open_account("half")
    failures: list[int] = []

    def handler(due: Due) -> None:
        ledger.add_credit(due.key, 1)
        if not failures:
            failures.append(1)
            raise ValueError("not today")

    worker = DueWorker({"pay": handler})
    unit_of_work(lambda: deadlines.set("pay", "half", clock.now()))
    assert turn(worker) == 1
    assert db().accounts.find_one({"_id": "half"})["balance"] == 0
    assert db().due_work.find_one({"_id": "pay/half"})["attempts"] == 1
    assert turn(worker) == 0  # it is put off
    hasten()
    assert turn(worker) == 1
    assert db().accounts.find_one({"_id": "half"})["balance"] == 1
    assert db().due_work.count_documents({}) == 0


def test_work_that_was_moved_while_it_was_claimed_waits_for_its_new_time() -> None:
    """The claim is of the old deadline."""
    done: list[str] = []
    worker = DueWorker({"pay": lambda due: done.append(due.key)})
    unit_of_work(lambda: deadlines.set("pay", "moved", clock.now()))
    (row,) = worker._claim()
    later = clock.now().replace(year=2099)
    unit_of_work(lambda: deadlines.set("pay", "moved", later))
    worker.do(row)
    assert done == []
    assert db().due_work.find_one({"_id": "pay/moved"})["due_at"] == later
    unit_of_work(lambda: deadlines.cancel("pay", "moved"))
    assert turn(worker) == 0


def test_an_outside_effect_is_settled_once_and_may_ask_for_another_attempt() -> None:
    """The attempt may repeat, its record does not."""
    attempts: list[int] = []

    def settle(due: Due, result: int) -> Again | None:
        db().letters.update_one({"_id": due.key}, {"$inc": {"tries": 1}}, upsert=True)
        return Again(clock.now()) if due.attempts < 2 else None

    worker = DueWorker({"send": Outside(lambda due: attempts.append(due.attempts), settle)})
    unit_of_work(lambda: deadlines.set("send", "letter", clock.now()))
    while turn(worker):
        hasten()
    assert attempts == [0, 1, 2]
    assert db().letters.find_one({"_id": "letter"})["tries"] == 3
    assert db().due_work.count_documents({}) == 0


def test_another_attempt_outlives_a_cancellation_of_the_same_work() -> None:
    """What settles an attempt may close the matter for everybody else; the retry that it asks for still comes."""

    def settle(due: Due, _: object) -> Again:
        deadlines.cancel(due.kind, due.key)
        return Again(clock.now())

    worker = DueWorker({"send": Outside(lambda due: None, settle)})
    unit_of_work(lambda: deadlines.set("send", "letter", clock.now()))
    assert turn(worker) == 1
    assert db().due_work.find_one({"_id": "send/letter"})["attempts"] == 1


def test_two_workers_do_not_claim_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease on server time."""
    monkeypatch.setattr(due_work, "LEASE", timedelta(hours=1))
    unit_of_work(lambda: deadlines.set("pay", "once", clock.now()))
    one, two = DueWorker({"pay": lambda _: None}), DueWorker({"pay": lambda _: None})
    assert len(one._claim()) == 1
    assert two._claim() == []
