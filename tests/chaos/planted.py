"""Plants known bugs, one after the other, in a copy of the code and demands that a test goes red.

`python -m tests.chaos.planted [part of a name …]`; prints a table and exits non-zero when a bug stays green or no
longer applies. A red test proves something only if it is green without the bug: each is run once on a copy without.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.infrastructure import Infrastructure
from local_stack.layout import Layout
from local_stack.ports import Ports
from tests.chaos.planted_bugs import BUGS, Bug

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("chassis", "services", "tests", "conftest.py", "pyproject.toml")
PATIENCE_SECONDS = 400
PYTEST_TIMEOUT = "from pytest-timeout"
"""What pytest says of a test that it ended for its time: on a busy machine that tells nothing of the bug."""


def main(wanted: list[str]) -> int:
    """Plant every bug whose name holds one of the words; the number that were not caught."""
    with _infrastructure() as addresses:
        os.environ.update(addresses)
        return _judge_all(wanted)


def _judge_all(wanted: list[str]) -> int:
    chosen = [bug for bug in BUGS if not wanted or any(word in bug.name for word in wanted)]
    missed = 0
    controls: dict[tuple[str, str], str] = {}
    for bug in chosen:
        started = time.monotonic()
        place = (bug.package, bug.test)
        if place not in controls:
            controls[place] = control(bug)
        verdict = judge(bug) if controls[place] == "green" else f"NO PROOF, without the bug: {controls[place]}"
        missed += verdict != "caught"
        say(f"{verdict:12} {time.monotonic() - started:5.0f} s  {bug.name}  ({bug.test})")
    say(f"{len(chosen) - missed} of {len(chosen)} planted bugs caught")
    return missed


@contextmanager
def _infrastructure() -> Iterator[dict[str, str]]:
    """One broker and one database for all runs, those of the environment if it names them."""
    with tempfile.TemporaryDirectory(prefix="planted-stack-") as folder:
        layout = Layout(Path(folder))
        stack = Infrastructure(layout, Ports(layout.ports, usual=False), os.environ, fail_points=True)
        stack.start()
        try:
            yield {"KAFKA_BOOTSTRAP": stack.bootstrap, "MONGODB_URI": stack.uri}
        finally:
            stack.stop()


def judge(bug: Bug) -> str:
    """`caught`, `NOT CAUGHT`, `TOO SLOW` to tell, or what keeps the bug from being planted."""
    with _copy() as copy:
        target = copy / bug.package / bug.file
        text = target.read_text()
        if text.count(bug.old) != 1:
            return "NOT PLANTED"
        target.write_text(text.replace(bug.old, bug.new))
        outcome = _outcome(copy, bug)
        return {"red": "caught", "green": "NOT CAUGHT"}.get(outcome, outcome)


def control(bug: Bug) -> str:
    """How the bug's test ends on a copy without the bug: `green`, or it proves nothing."""
    with _copy() as copy:
        return _outcome(copy, bug)


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
            else:
                shutil.copy(source, copy / name)
        yield copy


def _outcome(copy: Path, bug: Bug) -> str:
    """`green` or `red`, `TOO SLOW` when the test did not end in time, or what kept it from running."""
    package = copy / bug.package
    path = os.pathsep.join(str(folder) for folder in (package.parent, copy / "chassis", copy / "chassis" / "tests"))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    origin = subprocess.run(
        [sys.executable, "-c", f"import {package.name}; print({package.name}.__file__)"],
        env=environment, cwd=copy, capture_output=True, text=True, check=True,
    )  # fmt: skip
    if not origin.stdout.startswith(str(copy)):
        return "NOT IMPORTED"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-W",
        "ignore",
        "-p",
        "no:cacheprovider",
        "--timeout=180",
        *bug.test.split(),
    ]
    try:
        told = subprocess.run(
            command, env=environment, cwd=copy, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "TOO SLOW"
    if told.returncode == 1 and PYTEST_TIMEOUT in told.stdout:
        return "TOO SLOW"
    if told.returncode == 1 and " failed" in told.stdout:
        return "red"
    return "green" if told.returncode == 0 else f"BROKEN {told.returncode}: {(told.stdout + told.stderr)[-300:]}"


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
