"""What the supervisor looks after: parts that shall keep running, and commands that shall succeed once."""

import time
from collections.abc import Callable

from local_stack.processes import Child, StartFailed, resident_bytes, tail
from local_stack.status import PartStatus

LONGEST_PAUSE = 30.0
# A part that has served for so long is sound: its next crash is answered at once again.
SOUND_SECONDS = 60.0
# A part that never served and ended so often will not serve.
HOPELESS_STARTS = 3
START_SECONDS = 120.0
PROBE_SECONDS = 0.3
MEASURE_SECONDS = 20.0


class Watched:
    """A part that shall keep running: started, probed, and started again with growing pauses when it ends.

    `after` names what must be done before it starts; `start` starts the child, `ready` asks whether it serves.
    """

    def __init__(
        self,
        child: Child,
        address: str,
        after: frozenset[str],
        *,
        ready: Callable[[], bool],
        start: Callable[[], object] | None = None,
    ) -> None:
        self.child = child
        self.name = child.name
        self.after = after
        self.state = "waiting"
        self._address = address
        self._start = start or child.start
        self._ready = ready
        self._served = False
        self._restarts = 0
        self._pause = 0.0
        self._since = 0.0
        self._next_start = 0.0
        self._next_probe = 0.0
        self._memory = 0
        self._next_measure = 0.0

    @property
    def done(self) -> bool:
        """Whether what comes after it may start; stays true when it crashes later."""
        return self._served

    def start(self) -> None:
        """Start it."""
        self._start()
        self.state = "starting"
        self._since = time.monotonic()

    def look(self) -> str:
        """Do what is due; a line worth telling, or an empty text. Raises StartFailed when it will never serve."""
        now = time.monotonic()
        if self.state == "waiting":
            return ""
        if self.state == "crashed":
            return self._start_again(now)
        if not self.child.running:
            return self._crashed(now)
        if self.state == "starting" and now >= self._next_probe:
            self._next_probe = now + PROBE_SECONDS
            return self._probe(now)
        return ""

    def status(self) -> PartStatus:
        """Its line on the status page; memory is measured now and then, since the kernel walks every page for it."""
        pid = self.child.pid if self.child.running else 0
        now = time.monotonic()
        if now >= self._next_measure:
            self._memory = resident_bytes(pid) if pid else 0
            self._next_measure = now + MEASURE_SECONDS
        state = "crashed" if self.state == "ready" and not pid else self.state
        return PartStatus(self.name, state, self._address, pid, self._memory if pid else 0, self._restarts)

    def _probe(self, now: float) -> str:
        if self._ready():
            self.state, self._served = "ready", True
            self._next_measure = 0.0
            return f"{self.name} is ready after {now - self._since:.1f} s"
        if not self._served and now - self._since > START_SECONDS:
            raise StartFailed(f"{self.name} is not ready after {START_SECONDS:.0f} s; {_end_of(self.child)}")
        return ""

    def _crashed(self, now: float) -> str:
        if not self._served and self._restarts + 1 >= HOPELESS_STARTS:
            raise StartFailed(f"{self.name} ends whenever it is started; {_end_of(self.child)}")
        if now - self._since > SOUND_SECONDS:
            self._pause = 0.0
        self.state, self._next_start = "crashed", now + self._pause
        told = f"{self.name} ended with code {self.child.exit_code} and starts again in {self._pause:.0f} s"
        self._pause = min(max(1.0, self._pause * 2), LONGEST_PAUSE)
        return f"{told} (log: {self.child.log})"

    def _start_again(self, now: float) -> str:
        if now >= self._next_start:
            self._restarts += 1
            self.start()
        return ""


class Once:
    """A command that shall succeed once, such as a migration; `needed` ones stop the start when they fail."""

    def __init__(self, child: Child, after: frozenset[str], *, needed: bool = True) -> None:
        self.child = child
        self.name = child.name
        self.after = after
        self.state = "waiting"
        self._needed = needed

    @property
    def done(self) -> bool:
        """Whether it has succeeded."""
        return self.state == "done"

    def start(self) -> None:
        """Start it."""
        self.child.start()
        self.state = "running"

    def look(self) -> str:
        """Note its end; a line worth telling, or an empty text. Raises StartFailed when a needed one failed."""
        if self.state != "running" or self.child.running:
            return ""
        self.state = "done" if self.child.exit_code == 0 else "failed"
        if self.done:
            return ""
        if self._needed:
            raise StartFailed(f"{self.name} failed; {_end_of(self.child)}")
        return f"{self.name} failed (log: {self.child.log})"


Step = Watched | Once


def _end_of(child: Child) -> str:
    return f"the end of {child.log}:\n{tail(child.log)}"
