"""What somebody was shown last, kept in memory for a while, so that a service that is away leaves no hole."""

import time
from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock
from typing import Any

KEPT_SECONDS = 900.0
MOST = 400
"""Pages of lists at most; the oldest go first. Some 20 MiB when they are long."""


class LastShown:
    """Values by (person, what it is). One person's are never shown to another; lost with the process."""

    def __init__(self) -> None:
        self._values: OrderedDict[tuple[str, str], tuple[Any, datetime, float]] = OrderedDict()
        self._lock = Lock()

    def keep(self, person: str, what: str, value: Any) -> None:
        """Remember what the person is shown now."""
        with self._lock:
            self._values[person, what] = (value, datetime.now(UTC), time.monotonic())
            self._values.move_to_end((person, what))
            while len(self._values) > MOST:
                self._values.popitem(last=False)

    def find(self, person: str, what: str) -> tuple[Any, datetime] | None:
        """The value and when it was right; None where there is none, or only an old one."""
        found = self._values.get((person, what))
        if found is None or time.monotonic() - found[2] > KEPT_SECONDS:
            return None
        return found[0], found[1]
