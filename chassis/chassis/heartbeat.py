"""Tells whether a loop still turns: what liveness asks, and the only thing it asks."""

import time


class Heartbeat:
    """The pulse of one loop, beaten by the loop itself at each turn.

    `patience` is how long its longest turn may take, in seconds: outages that the loop waits out are within a turn. A
    heart that rests, as before the loop begins and after it ends, has not stopped.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._at: float | None = None

    def beat(self) -> None:
        """The loop turned just now."""
        self._at = time.monotonic()

    def rest(self) -> None:
        """The loop ended on purpose, or waits to begin again."""
        self._at = None

    def stopped(self) -> bool:
        """Whether the loop has been silent for longer than it may."""
        at = self._at
        return at is not None and time.monotonic() - at > self._patience
