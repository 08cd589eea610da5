"""The launcher's own rules: locks, ports, Java's version, the environment of a part, restarts, the status page."""

import sys
import time
from pathlib import Path

import pytest

from local_stack import parts, status
from local_stack.java import parse_version
from local_stack.locks import Held, Lock, is_held
from local_stack.parts import PARTS
from local_stack.ports import Ports
from local_stack.processes import Child, StartFailed
from local_stack.status import PartStatus, Status
from local_stack.watched import Once, Watched


def test_a_lock_is_held_once_and_free_after_release(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock").take()
    assert is_held(tmp_path / "lock")
    with pytest.raises(Held):
        Lock(tmp_path / "lock").take()
    lock.release()
    assert not is_held(tmp_path / "lock")


def test_a_port_is_remembered_and_not_given_twice(tmp_path: Path) -> None:
    first = Ports(tmp_path / "a.json", usual=False)
    port = first.take("thing")
    assert Ports(tmp_path / "b.json").take("other", port) != port
    first.release()
    assert Ports(tmp_path / "a.json").take("thing") == port


@pytest.mark.parametrize(
    ("told", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("no java here", 0),
    ],
)
def test_the_version_of_java_is_understood(told: str, major: int) -> None:
    assert parse_version(told) == major


def test_every_part_finds_every_value_that_it_names() -> None:
    values = {f"{part.name}_{key}": "1" for part in PARTS for key in part.ports}
    values |= dict.fromkeys(("run", "kafka", "mongodb", "topic_prefix", "database_prefix"), "x")
    for part in PARTS:
        assert parts.environment(part, values)
        assert part.ready.format_map(values)
    known = {part.name for part in PARTS} | {"kafka", "mongodb", "topics"}
    assert {name for part in PARTS for name in part.after} <= known


def look_until_it_fails(part: Watched) -> None:
    part.start()
    end = time.monotonic() + 120
    while time.monotonic() < end:
        part.look()
        time.sleep(0.1)


def test_a_part_that_never_serves_ends_the_start_with_its_log(tmp_path: Path) -> None:
    child = Child("broken", [sys.executable, "-c", "print('no such setting'); raise SystemExit(1)"], tmp_path / "log")
    part = Watched(child, "", frozenset(), ready=lambda: False)
    with pytest.raises(StartFailed, match="no such setting"):
        look_until_it_fails(part)


def test_a_command_that_fails_ends_the_start_only_when_needed(tmp_path: Path) -> None:
    for needed in (True, False):
        once = Once(Child("fails", ["false"], tmp_path / "log"), frozenset(), needed=needed)
        once.start()
        once.child.stop()
        if needed:
            with pytest.raises(StartFailed):
                once.look()
        else:
            assert "failed" in once.look()
            assert not once.done


def test_the_page_tells_what_is_missing() -> None:
    ready = PartStatus("console", "ready", "http://127.0.0.1:8080", 12, 50 * 1024 * 1024, 0)
    whole = Status(1, [ready], [], "done", "http://127.0.0.1:8080")
    assert status.page(whole, Path(".run")).startswith("Amplify is ready.")
    crashed = PartStatus("kafka", "crashed", "127.0.0.1:9092", 0, 0, 2)
    broken = status.page(Status(1, [ready, crashed], [], "done"), Path(".run"))
    assert "not whole" in broken
    assert ["kafka", "crashed", "127.0.0.1:9092", "-", "-", "2"] in [line.split() for line in broken.splitlines()]
