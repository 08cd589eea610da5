"""Locks that the kernel releases when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class Held(Exception):
    """Somebody else holds the lock; `pid` is what they wrote in it, 0 when unreadable."""

    def __init__(self, path: Path, pid: int) -> None:
        super().__init__(f"{path} is held by process {pid}")
        self.pid = pid


class Lock:
    """An exclusive lock on a file, never inherited by child processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def take(self, *, wait: bool = False) -> "Lock":
        """Hold the lock and write our process id in it; raises Held unless `wait`."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise Held(self.path, holder(self.path)) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return self

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock for a block, waiting for it."""
    lock = Lock(path).take(wait=True)
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    if not path.exists():
        return False
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(file, fcntl.LOCK_UN)
    return False


def holder(path: Path) -> int:
    """The process id written in the lock file, 0 when there is none."""
    try:
        return int(path.read_text().strip() or 0)
    except (OSError, ValueError):
        return 0
