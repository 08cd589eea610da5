"""Starts the whole stack in order, keeps it running, and stops it so that nothing stays behind."""

import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from local_stack import status
from local_stack.layout import Layout
from local_stack.locks import Held, Lock
from local_stack.plan import DEMO, Plan
from local_stack.status import PartStatus, Status
from local_stack.watched import Once, Step, Watched

# Services drain for up to 40 s before they end themselves.
PATIENCE_SECONDS = 45.0
_LOOK_SECONDS = 0.1
_STATUS_SECONDS = 1.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Tell = Callable[[str], None]
Show = Callable[[Status], None]


class Supervisor:
    """One running stack. Everything happens on the thread that calls `run`, which must be the main one."""

    def __init__(self, layout: Layout, plan: Plan, tell: Tell, show: Show) -> None:
        """`tell` gets a line at each change, `show` the status page every second."""
        self._layout = layout
        self._plan = plan
        self._tell = tell
        self._show = show
        self._steps: Sequence[Step] = ()
        self._preparing: list[Once] = []
        self._asked_to_stop = 0

    def run(self) -> None:
        """Start everything and keep it running until a signal; raises StartFailed when something cannot start.

        Whatever happens, everything has been stopped when this returns. A second signal kills instead of waiting.
        """
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)
        _roll_logs(self._layout)
        self._layout.addresses.write_text(json.dumps(self._plan.addresses(), indent=1))
        self._layout.values.write_text(json.dumps(self._plan.values, indent=1))
        try:
            self._steps = self._plan.steps()
            self._preparing = [step for step in self._steps if isinstance(step, Once) and step.name != DEMO]
            self._supervise()
        finally:
            self._stop()
            for file in (self._layout.addresses, self._layout.values, self._layout.state):
                file.unlink(missing_ok=True)
            self._plan.release()

    def _supervise(self) -> None:
        next_status = 0.0
        while not self._asked_to_stop:
            self._look()
            if time.monotonic() >= next_status:
                page = self._status()
                status.write(page, self._layout.state)
                self._show(page)
                next_status = time.monotonic() + _STATUS_SECONDS
            time.sleep(_LOOK_SECONDS)

    def _look(self) -> None:
        done = {step.name for step in self._steps if step.done}
        for step in self._steps:
            if step.state == "waiting" and step.after <= done:
                step.start()
            told = step.look()
            if told:
                self._tell(told)
        if self._preparing and all(step.done for step in self._preparing):
            self._plan.note_prepared()
            self._preparing = []

    def _status(self) -> Status:
        elsewhere = [
            PartStatus(name, "elsewhere", address, 0, 0, 0) for name, address in self._plan.elsewhere().items()
        ]
        watched = [step.status() for step in self._steps if isinstance(step, Watched)]
        addresses = self._plan.addresses()
        return Status(
            supervisor=os.getpid(),
            parts=[*elsewhere, *watched],
            preparing=[step.name for step in self._preparing if not step.done],
            demo=next((step.state for step in self._steps if step.name == DEMO), "done"),
            console=addresses.get("console", ""),
            mailbox=addresses.get("mailbox", ""),
        )

    def _stop(self) -> None:
        """Stop in the opposite order: first what nobody running depends upon, all of it at once."""
        running = [step for step in self._steps if step.child.running]
        while running:
            needed = {name for step in running for name in step.after}
            last = [step for step in running if step.name not in needed] or running
            for step in last:
                step.child.signal(signal.SIGTERM)
            for step in last:
                step.child.stop(PATIENCE_SECONDS)
            running = [step for step in running if step not in last]

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop += 1
        if self._asked_to_stop == 1:
            self._tell("stopping; once more to stop without waiting")
            return
        for step in self._steps:
            step.child.signal(signal.SIGKILL)


def _roll_logs(layout: Layout) -> None:
    """Keep the logs of the start before this one, and no older ones."""
    layout.logs.mkdir(parents=True, exist_ok=True)
    for log in layout.logs.glob("*.log"):
        if log.name != "supervisor.log":
            log.rename(log.with_suffix(".log.before"))


def hold(layout: Layout) -> Lock:
    """Be the only supervisor of this run folder; raises Held."""
    for _ in range(5):  # somebody may be looking whether it is held
        with suppress(Held):
            return Lock(layout.lock).take()
        time.sleep(0.05)
    return Lock(layout.lock).take()
