"""Named places where a test may end, freeze or break this process; inert unless FAIL_POINTS is set.

`FAIL_POINTS="relay.sent=kill:3,stream.committed=raise"`: the third passage of `relay.sent` is a SIGKILL, the first of
`stream.committed` raises. `freeze` stops the process until it is sent SIGCONT. Settings refuse all of it in production.
"""

import os
import signal
import threading
from collections.abc import Callable

POINTS = {
    "stream.received": "records taken from the broker, nothing done",
    "stream.handled": "effects and positions written, not committed",
    "stream.committed": "effects committed, offsets not",
    "stream.acked": "offsets handed to the client for its next commit",
    "work.before": "a transaction is open, nothing written",
    "work.written": "everything written, commit not sent",
    "work.committed": "commit acknowledged, caller not told",
    "relay.read": "pending facts read, nothing sent",
    "relay.sent": "facts handed to the producer, not acknowledged",
    "relay.acknowledged": "the broker has them, rows not marked",
    "relay.marked": "rows marked as published",
    "due.claimed": "due work leased, nothing done",
    "due.attempted": "the outside effect happened, not recorded",
    "due.settled": "due work recorded as done",
}


class FailPointReached(Exception):
    """Raised by the action `raise`."""


_armed: dict[str, tuple[str, int]] = {}
_hooks: dict[str, Callable[[], None]] = {}
_passages: dict[str, int] = {}
_lock = threading.Lock()


def configure(specification: str) -> None:
    """Arm the points named in FAIL_POINTS; an unknown point or action is refused."""
    _armed.clear()
    _passages.clear()
    for part in filter(None, specification.split(",")):
        point, _, action = part.strip().partition("=")
        verb, _, nth = action.partition(":")
        if point not in POINTS or verb not in {"kill", "raise", "freeze"}:
            raise ValueError(f"FAIL_POINTS: {part!r} names no point or no action")
        _armed[point] = (verb, int(nth or 1))


def hook(point: str, action: Callable[[], None] | None) -> None:
    """Let a test in this process run `action` at each passage of the point (None takes it away)."""
    if action is None:
        _hooks.pop(point, None)
    else:
        _hooks[point] = action


def reach(point: str) -> None:
    """Pass the point; does what is armed for it."""
    if action := _hooks.get(point):
        action()
    if point not in _armed:
        return
    verb, nth = _armed[point]
    with _lock:
        _passages[point] = _passages.get(point, 0) + 1
        if _passages[point] != nth:
            return
    if verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "freeze":
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    raise FailPointReached(point)
