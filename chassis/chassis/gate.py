"""How many calls are worked on, how many wait, and who is sent away at once with a hint when to come back."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from chassis.errors import DeadlinePassed, Overloaded

LONGEST_WAIT = 30.0
"""Seconds that a call without a deadline waits for its turn."""


class Gate:
    """Lets `working` calls work at a time while `admitted` are inside; every further one is refused at once.

    The server's pool has a thread for each call admitted and some for refusing, so that a refusal never queues behind
    the work that it is about.
    """

    def __init__(self, working: int, admitted: int) -> None:
        self._inside = threading.Semaphore(admitted)
        self._turns = threading.Semaphore(working)

    @contextmanager
    def passing(self, remaining: float | None) -> Iterator[None]:
        """Wait for a turn, for the `remaining` seconds of the call at most. Raises Overloaded or DeadlinePassed."""
        if not self._inside.acquire(blocking=False):
            raise Overloaded("Too many calls at once; nothing was changed.")
        try:
            if not self._turns.acquire(timeout=LONGEST_WAIT if remaining is None else max(remaining, 0)):
                raise DeadlinePassed("The deadline passed before the work began.")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._inside.release()


class Places:
    """So many streams may be open, and so many of one caller: nobody takes every place."""

    def __init__(self, places: int, of_one: int) -> None:
        self._places, self._of_one = places, of_one
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, caller: str) -> Iterator[None]:
        """Hold a place. Raises Overloaded when there is none left, or none for this caller."""
        with self._lock:
            if self._taken.total() >= self._places:
                raise Overloaded("Too many streams are open here; try again shortly.")
            if self._taken[caller] >= self._of_one:
                raise Overloaded("You have as many streams open as one client may; end one first.")
            self._taken[caller] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[caller] -= 1
