"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T | None], seconds: float = 60.0, what: str = "") -> T:
    """The first true answer of the condition, which is asked once more after the time is up.

    Raises AssertionError that says `what` did not come true when there is none.
    """
    end = time.monotonic() + seconds
    while True:
        late = time.monotonic() > end
        answer = condition()
        if answer:
            return answer
        if late:
            raise AssertionError(f"not within {seconds:.0f} s: {what or condition}")
        time.sleep(0.05)
