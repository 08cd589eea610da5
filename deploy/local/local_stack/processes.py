"""Child processes that cannot outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class StartFailed(Exception):
    """A part ended or stayed silent instead of becoming ready; the text ends with the tail of its log."""


class Child:
    """One child process and its log.

    Start it from a thread that lives as long as the child shall: the kernel kills the child when that *thread* ends.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.env = dict(env or {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Child":
        """Start the process in its own group, its output going to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env},
                start_new_session=True,
                preexec_fn=lambda: _die_with(parent),
            )
        return self

    @property
    def pid(self) -> int:
        """Process id, 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def exit_code(self) -> int | None:
        """None while it runs or before its start."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def stop(self, seconds: float = 10.0) -> None:
        """SIGTERM, then SIGKILL to its whole group after the given time; returns once it is gone."""
        if self._process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to its whole group, as a power cut would; returns once it is gone."""
        if self._process is not None:
            self.signal(signal.SIGKILL)
            self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its whole group; nothing happens when it is gone."""
        if self.running:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                return

    def await_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`; raises StartFailed when the process ends first or the time is over."""
        end = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise StartFailed(f"{self.name} ended with code {self.exit_code}; {self.log}:\n{tail(self.log)}")
            if time.monotonic() > end:
                raise StartFailed(f"{self.name} is not ready after {seconds:.0f} s; {self.log}:\n{tail(self.log)}")
            time.sleep(0.05)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    if not log.exists():
        return "(no log)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and its children, shared pages counted in proportion; 0 when it is gone."""
    total = 0
    for one in [pid, *_children(pid)]:
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    return total


def _children(pid: int) -> list[int]:
    try:
        direct = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return direct + [below for child in direct for below in _children(child)]


def _die_with(parent: int) -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died between fork and prctl
        os.kill(os.getpid(), signal.SIGKILL)
