"""Audit rows are sealed into one chain, and whatever is done to them afterwards is named at its first place."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from harness import World

from chassis import audit
from chassis.audit import Seals
from chassis.commands import _run
from chassis.database import db
from chassis.identity import Identity
from chassis.service import Service
from chassis.unit_of_work import unit_of_work

pytestmark = pytest.mark.stack
READER = Identity("p1", frozenset({"reader"}), {"organisation": frozenset({"one"})})


@pytest.fixture
def seals(store: World) -> Seals:
    """An empty audit and its seals."""
    db().audit.delete_many({})
    db().audit_seals.delete_many({})
    return Seals(store.settings)


def read(count: int) -> None:
    """So many reads of two things each."""
    for number in range(count):
        audit.record(READER, "GetThing", [(f"things/{number}", "grants/1"), (f"things/x{number}", "grants/2")])


def row(place: int) -> dict[str, object]:
    found = db().audit.find_one({"place": place})
    assert found is not None
    return found


def test_rows_are_sealed_in_batches_and_hold(seals: Seals) -> None:
    assert seals.seal() == 0
    read(3)
    assert seals.verify().unsealed == 3
    assert seals.seal() == 3
    read(2)
    assert (seals.seal(), seals.seal()) == (2, 0)
    found = seals.verify()
    assert (found.sealed, found.unsealed, found.broken) == (5, 0, None)
    assert seals.verify(found.head).broken is None


def test_what_was_not_shown_leaves_no_row_and_what_fails_neither(seals: Seals) -> None:
    audit.record(READER, "ListThings", [])

    def fail() -> None:
        audit.record(READER, "GetThing", [("things/1", "grants/1")])
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        unit_of_work(fail)
    assert db().audit.count_documents({}) == 0


def test_two_sealers_at_once_make_one_chain(seals: Seals) -> None:
    read(40)
    threads = [Thread(target=seals.seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seals.seal()
    assert (seals.verify().sealed, seals.verify().broken) == (40, None)


def swap() -> None:
    first, second = row(3), row(5)
    db().audit.update_one({"_id": first["_id"]}, {"$set": {"place": 5}})
    db().audit.update_one({"_id": second["_id"]}, {"$set": {"place": 3}})


def cut() -> None:
    db().audit.delete_many({"place": {"$gt": 4}})


def cut_cleanly() -> None:
    """As somebody would who knows of the seals; only a head that was noted elsewhere shows it."""
    db().audit.delete_many({"place": {"$gt": 4}})
    db().audit_seals.delete_many({"_id": {"$gt": 4}})


TAMPERING: dict[str, tuple[Callable[[], object], int]] = {
    "changed": (lambda: db().audit.update_one({"place": 3}, {"$set": {"subject": "somebody else"}}), 3),
    "changed inside": (lambda: db().audit.update_one({"place": 3}, {"$set": {"disclosed.1.resource": "things/9"}}), 3),
    "deleted": (lambda: db().audit.delete_one({"place": 3}), 3),
    "inserted": (lambda: db().audit.insert_one({**row(2), "_id": "new", "place": 3}), 3),
    "reordered": (swap, 3),
    "cut off": (cut, 5),
    "signed with another key": (lambda: db().audit_seals.update_one({"_id": 4}, {"$set": {"signature": b"x" * 64}}), 4),
    "seal taken away": (lambda: db().audit_seals.delete_one({"_id": 8}), 8),
    "cut off with its seals": (cut_cleanly, 5),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found_at_its_place(seals: Seals, kind: str) -> None:
    read(4)
    seals.seal()
    read(4)
    seals.seal()
    head = seals.verify().head
    change, place = TAMPERING[kind]
    change()
    broken = seals.verify(head).broken
    assert broken is not None
    assert broken.place == place


def test_the_command_names_the_first_broken_row(
    seals: Seals, store: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import argparse

    read(3)
    seals.seal()
    chosen = argparse.Namespace(role="verify-audit", head="")
    assert _run(Service("test"), store.settings, chosen) == 0
    wrong = str(row(2)["_id"])
    db().audit.update_one({"place": 2}, {"$set": {"action": "Other"}})
    assert _run(Service("test"), store.settings, chosen) == 1
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["broken"] == {"place": 2, "row": wrong, "why": "the row is not what was sealed"}
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    other = Seals(store.settings.model_copy(update={"secret_key_file": key}))
    db().audit.update_one({"place": 2}, {"$set": {"action": "GetThing"}})
    assert seals.verify().broken is None
    assert "not signed with this key" in str(other.verify().broken)
