"""Keeps a queue of messages from each waiting out the timeout of a provider that is away."""

import threading
import time
from collections.abc import Callable

FAILURES = 3
PAUSE_SECONDS = 15.0


class Breaker:
    """Opens after three times in a row without an answer (away, cut off, too slow); lets a try through every 15 seconds
    until one works."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    def closed(self) -> bool:
        """Whether to try now; while open, the one caller that is let through keeps the others out meanwhile."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._seconds() < self._open_until:
                return False
            self._open_until = self._seconds() + PAUSE_SECONDS
            return True

    def failed(self) -> None:
        """The provider could not be reached, or did not answer in time."""
        with self._lock:
            self._failures += 1
            self._open_until = self._seconds() + PAUSE_SECONDS

    def worked(self) -> None:
        """The provider answered."""
        with self._lock:
            self._failures = 0
