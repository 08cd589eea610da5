"""A view is built anew while it serves: readers always find it whole, and an interruption costs nothing."""

import threading
import time
from collections.abc import Iterator

import ledger
import pytest
from harness import World
from ledger import balances
from ledger_program import service

from chassis import generations, view
from chassis.database import client, connect, db
from chassis.rebuild import rebuild
from chassis.service import migrate
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack
ACCOUNTS = 8


@pytest.fixture(autouse=True)
def nobody_left() -> Iterator[None]:
    """No consumer outlives its test: it would go on reading, and keep the process from ending."""
    yield
    wait_until(lambda: not any(thread.name.startswith("consumer-") for thread in threading.enumerate()))


@pytest.fixture
def serving(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A view with content, and its consumer at work."""
    monkeypatch.setattr(view, "POINTER_SECONDS", 4.0)  # long enough for a drop to be noticed
    monkeypatch.setattr(view, "KEPT_SECONDS", 12.0)  # so much longer that a reader may be slow
    monkeypatch.setattr(balances, "_live", (0.0, 0))
    with world.relay(), world.consuming():
        for number in range(ACCOUNTS):
            ledger.open_account(f"account-{number}", 3)
        wait_until(world.settled)
        yield world


def test_a_view_is_rebuilt_while_it_serves(serving: World) -> None:
    """No reader ever sees less than all; the old generation goes in the end; nothing is sent again."""
    db()[f"view_{balances.name}_1"].update_many({}, {"$set": {"mistake": True}})
    effects = list(db().counted.find()), list(db().greetings.find())
    sizes: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            sizes.append(len(balances.content()))
            time.sleep(0.02)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert rebuild(serving.settings, "ledger", ledger.VIEW_READER, 120) == 2
        wait_until(lambda: "view_balances_1" not in db().list_collection_names())
    finally:
        done.set()
        reader.join()
    assert set(sizes) == {ACCOUNTS}
    wait_until(lambda: not any("mistake" in row for row in balances.content()))
    assert (list(db().counted.find()), list(db().greetings.find())) == effects
    wait_until(lambda: db().positions.count_documents({"consumer": "balances@1"}) == 0)
    ledger.credit("account-0", 50)
    wait_until(lambda: balances.reads().find_one({"_id": "account-0"})["balance"] == 56)
    assert serving.anomalies() == []


def test_an_interrupted_rebuild_goes_on_where_it_was(serving: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old generation serves meanwhile, and the second try does not read everything again."""
    with monkeypatch.context() as patch:
        patch.setattr(balances, "flip", lambda _: (_ for _ in ()).throw(InterruptedError("power cut")))
        with pytest.raises(InterruptedError):
            rebuild(serving.settings, "ledger", ledger.VIEW_READER, 120)
    assert balances.live() == 1
    assert len(balances.content()) == ACCOUNTS
    assert rebuild(serving.settings, "ledger", ledger.VIEW_READER, 120) == 2
    assert balances.live() == 2
    assert serving.anomalies() == []


def test_what_is_prepared_twice_stays(world: World) -> None:
    """`migrate` may run at any time, several at once, without harm to what is there."""
    ledger.open_account("kept", 1)
    threads = [threading.Thread(target=migrate, args=(service(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db().accounts.count_documents({}) == 1
    assert generations.halted("balances@1") is None


def test_another_database_has_a_generation_of_its_own(world: World) -> None:
    """What one test or tool remembers of a pointer is not taken for the pointer of the database it turns to next."""
    balances.flip(2)
    assert balances.reads().name.endswith("_2")
    other = f"{world.settings.mongodb_database}-other"
    connect(world.settings.model_copy(update={"mongodb_database": other}))
    try:
        assert balances.reads().name.endswith("_1")
    finally:
        client().drop_database(other)
        connect(world.settings)
    assert balances.reads().name.endswith("_2")
