"""The supervisor with real Kafka and MongoDB: starts in order, restarts, stops clean, and survives a power cut."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_stack import status
from local_stack.layout import Layout
from local_stack.locks import is_held
from local_stack.ports import is_free
from local_stack.status import Status

pytestmark = pytest.mark.stack

LITTLE = Path(__file__).parent / "little_stack.py"
Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "run")


@pytest.fixture
def start(layout: Layout) -> Iterator[Start]:
    """Starts the little stack in the layout's folder, apart from whatever the environment names."""
    outside = {"KAFKA_BOOTSTRAP", "MONGODB_URI", "TOPIC_PREFIX"}
    env = {name: value for name, value in os.environ.items() if name not in outside}
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, str(LITTLE)], env={**env, "RUN_DIR": str(layout.run), "DEMO": "0"})
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def await_page(layout: Layout, good: Callable[[Status], bool], seconds: float = 150) -> Status:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page = status.read(layout.state)
        if page is not None and good(page):
            return page
        time.sleep(0.1)
    raise AssertionError(f"not so after {seconds} s: {page}")


def of(process: subprocess.Popen[bytes]) -> Callable[[Status], bool]:
    return lambda page: page.ready and page.supervisor == process.pid


def pids(page: Status) -> dict[str, int]:
    return {part.name: part.pid for part in page.parts}


def await_gone(numbers: list[int]) -> None:
    end = time.monotonic() + 30
    while any(Path(f"/proc/{number}").exists() for number in numbers):
        assert time.monotonic() < end, f"still there: {numbers}"
        time.sleep(0.05)


def ports(layout: Layout) -> dict[str, int]:
    return dict(json.loads(layout.ports.read_text()))


def test_ctrl_c_leaves_no_process_port_or_lock_and_the_next_start_is_the_same(layout: Layout, start: Start) -> None:
    first = start()
    page = await_page(layout, of(first))
    kept = ports(layout)
    first.send_signal(signal.SIGINT)
    assert first.wait(90) == 0
    await_gone(list(pids(page).values()))
    assert all(is_free(port) for port in kept.values())
    assert not is_held(layout.lock)
    assert not layout.state.exists()
    await_page(layout, of(start()))
    assert ports(layout) == kept
    assert (layout.run / "marks").read_text() == "migrated\n"


def test_a_start_after_a_power_cut_works(layout: Layout, start: Start) -> None:
    first = start()
    page = await_page(layout, of(first))
    first.kill()
    await_gone(list(pids(page).values()))
    second = await_page(layout, of(start()))
    assert pids(second).keys() == pids(page).keys()


def test_a_part_that_dies_is_started_again(layout: Layout, start: Start) -> None:
    supervisor = start()
    before = pids(await_page(layout, of(supervisor)))
    for name in ("second", "kafka", "mongodb"):
        os.kill(before[name], signal.SIGKILL)
    after = await_page(
        layout,
        lambda page: page.ready and all(pids(page)[n] not in {0, before[n]} for n in ("second", "kafka", "mongodb")),
    )
    assert pids(after)["first"] == before["first"]
    assert {part.name: part.restarts for part in after.parts}["kafka"] == 1
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(90) == 0


def test_two_stacks_run_side_by_side(layout: Layout, start: Start, tmp_path: Path) -> None:
    neighbour = Layout(tmp_path / "neighbour")
    await_page(layout, of(start()))
    env = {**os.environ, "RUN_DIR": str(neighbour.run), "DEMO": "0", "KAFKA_BOOTSTRAP": "", "MONGODB_URI": ""}
    other = subprocess.Popen([sys.executable, str(LITTLE)], env=env)
    try:
        await_page(neighbour, of(other))
        assert not set(ports(layout).values()) & set(ports(neighbour).values())
    finally:
        other.terminate()
        other.wait()
