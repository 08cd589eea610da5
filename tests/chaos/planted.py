"""Plants known bugs, one after the other, in a copy of the code and demands that a test goes red.

`python -m tests.chaos.planted [part of a name …]`; prints a table and exits non-zero when a bug stays green or no
longer applies.
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


def main(wanted: list[str]) -> int:
    """Plant every bug whose name holds one of the words; the number that were not caught."""
    with _infrastructure() as addresses:
        os.environ.update(addresses)
        return _judge_all(wanted)


def _judge_all(wanted: list[str]) -> int:
    chosen = [bug for bug in BUGS if not wanted or any(word in bug.name for word in wanted)]
    missed = 0
    for bug in chosen:
        started = time.monotonic()
        verdict = judge(bug)
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
    """`caught`, `NOT CAUGHT`, or what keeps the bug from being planted."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
            else:
                shutil.copy(source, copy / name)
        target = copy / bug.package / bug.file
        text = target.read_text()
        if text.count(bug.old) != 1:
            return "NOT PLANTED"
        target.write_text(text.replace(bug.old, bug.new))
        return _outcome(copy, bug)


def _outcome(copy: Path, bug: Bug) -> str:
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
        return "caught"  # a test that never ends is red too
    if told.returncode == 1 and " failed" in told.stdout:
        return "caught"
    return "NOT CAUGHT" if told.returncode == 0 else f"BROKEN {told.returncode}: {(told.stdout + told.stderr)[-300:]}"


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
