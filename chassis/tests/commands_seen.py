"""What the driver says to the server: the real commands of this process, and a hook before each is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring

Command = dict[str, Any]


class _Ear(monitoring.CommandListener):
    """Registered once for every client of this process; tests switch what it does."""

    def __init__(self) -> None:
        self.heard: list[Command] | None = None
        self.before: Callable[[Command], None] | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        command = dict(event.command)
        if self.heard is not None:
            self.heard.append(command)
        if self.before is not None:
            self.before(command)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to do."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to do."""


EAR = _Ear()
monitoring.register(EAR)


@contextmanager
def commands() -> Iterator[list[Command]]:
    """The commands sent meanwhile."""
    EAR.heard = []
    try:
        yield EAR.heard
    finally:
        EAR.heard = None


@contextmanager
def before_each(action: Callable[[Command], None]) -> Iterator[None]:
    """Run the action before each command, on the thread that sends it."""
    EAR.before = action
    try:
        yield
    finally:
        EAR.before = None
