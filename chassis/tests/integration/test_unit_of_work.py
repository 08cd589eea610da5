"""A unit of work reruns what a transient fault broke, asks an unknown commit again, and refuses wrong places."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ledger
import pytest
from harness import World
from ledger import Account, accounts
from pymongo.errors import OperationFailure

from chassis import fail_points
from chassis.access import EVERYTHING
from chassis.database import client, db
from chassis.due_work import deadlines
from chassis.unit_of_work import unit_of_work

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("store")]


@contextmanager
def failing(command: str, times: int, **fault: Any) -> Iterator[None]:
    """The server fails the next commands of this name."""
    data = {"failCommands": [command], "namespace": f"{db().name}.accounts", **fault}
    if command == "commitTransaction":
        del data["namespace"]
    client().admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=data)
    try:
        yield
    finally:
        client().admin.command("configureFailPoint", "failCommand", mode="off")


def counted_credit(id: str) -> list[int]:
    """Credit an account in one unit of work; how often the work ran."""
    runs: list[int] = []

    def work() -> None:
        runs.append(len(runs) + 1)
        ledger.add_credit(id, 1)

    unit_of_work(work)
    return runs


def balance(id: str) -> int:
    """What is stored."""
    return int(accounts.read(EVERYTHING, id)["balance"])


@pytest.mark.parametrize("command", ["find", "update"])
def test_a_transient_fault_reruns_the_whole_work(command: str) -> None:
    """The server says WriteConflict with the label TransientTransactionError."""
    id = f"transient-{command}"
    ledger.open_account(id)
    with failing(command, 2, errorCode=112, errorLabels=["TransientTransactionError"]):
        assert counted_credit(id) == [1, 2, 3]
    assert balance(id) == 1
    assert db().facts.count_documents({"key": id}) == 2


def test_a_lost_connection_reruns_the_whole_work() -> None:
    """The server closes the connection in the middle."""
    ledger.open_account("cut")
    with failing("update", 1, closeConnection=True):
        assert counted_credit("cut") == [1, 2]
    assert balance("cut") == 1


def test_a_commit_of_unknown_outcome_is_asked_again_and_the_work_does_not_rerun() -> None:
    """The effect happens once, whatever the first answer would have been."""
    ledger.open_account("unknown")
    with failing("commitTransaction", 2, errorCode=91, closeConnection=False):
        assert counted_credit("unknown") == [1]
    assert balance("unknown") == 1
    with failing("commitTransaction", 1, closeConnection=True):
        assert counted_credit("unknown") == [1]
    assert balance("unknown") == 2


def credit_ten_times() -> None:
    for _ in range(10):
        ledger.credit("contended", 1)


def test_two_writers_of_one_aggregate_both_succeed() -> None:
    """The later one reloads and reruns; no credit is lost."""
    ledger.open_account("contended")
    threads = [threading.Thread(target=credit_ten_times) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert balance("contended") == 40
    rows = list(db().facts.find({"key": "contended"}).sort("order", 1))
    assert [row["sequence"] for row in rows] == list(range(1, 42))


def test_another_error_saves_nothing_and_does_not_rerun() -> None:
    """A refusal changes nothing: no state, no fact, no deadline."""
    ledger.open_account("refused")
    runs: list[int] = []

    def work() -> None:
        runs.append(1)
        ledger.add_credit("refused", 5)
        ledger.open_with_deadlines("never", "nobody")
        raise LookupError("no")

    with pytest.raises(LookupError):
        unit_of_work(work)
    assert runs == [1]
    assert balance("refused") == 0
    assert db().facts.count_documents({"key": {"$in": ["refused", "never"]}}) == 1
    assert db().due_work.count_documents({"key": "never"}) == 0


def test_an_error_of_the_server_that_no_rerun_cures_is_raised_at_once() -> None:
    """Only what is labelled transient is tried again."""
    ledger.open_account("hopeless")
    with failing("update", 1, errorCode=2), pytest.raises(OperationFailure):
        counted_credit("hopeless")
    assert balance("hopeless") == 0


def test_it_does_not_nest_and_leaves_the_event_loop_alone(store: World) -> None:
    """Both would hide a transaction that cannot rerun, or block every other task."""
    with pytest.raises(RuntimeError, match="nest"):
        unit_of_work(lambda: unit_of_work(lambda: None))

    async def on_the_loop() -> None:
        unit_of_work(lambda: None)

    with pytest.raises(RuntimeError, match="event loop"):
        asyncio.run(on_the_loop())


@pytest.mark.parametrize(
    "write",
    [
        lambda: accounts.add(Account.open("outside", "x")),
        lambda: accounts.save(Account("outside-kept", "x")),
        lambda: accounts.get(EVERYTHING, "outside-kept"),
        lambda: accounts.patch("outside-kept", {}, {"balance": 5}),
        lambda: deadlines.set("bonus", "outside", None),  # type: ignore[arg-type]
        lambda: deadlines.cancel("bonus", "outside"),
    ],
    ids=["add", "save", "get", "patch", "set", "cancel"],
)
def test_nothing_is_written_outside_a_unit_of_work(write: Any) -> None:
    """It would be half of a change."""
    if not db().accounts.find_one({"_id": "outside-kept"}):
        ledger.open_account("outside-kept")
    before = [list(db()[name].find()) for name in ("accounts", "facts", "due_work")]
    with pytest.raises(RuntimeError, match="unit of work"):
        write()
    assert [list(db()[name].find()) for name in ("accounts", "facts", "due_work")] == before


def test_nothing_of_an_open_transaction_is_seen_outside() -> None:
    """Until the commit, other readers see the old state and no fact."""
    ledger.open_account("hidden")
    seen: list[int] = []
    fail_points.hook("work.written", lambda: seen.append(_read_on_another_thread("hidden")))
    try:
        ledger.credit("hidden", 9)
    finally:
        fail_points.hook("work.written", None)
    assert seen == [0]
    assert balance("hidden") == 9


def _read_on_another_thread(id: str) -> int:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(balance(id)))
    thread.start()
    thread.join()
    return found[0]
