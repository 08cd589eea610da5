"""Ports: the usual one if it is free, else a free one, remembered so that a second start has the same."""

import json
import os
import random
import socket
import tempfile
from pathlib import Path

from local_stack.locks import Held, Lock

# Below the kernel's range for outgoing connections, so that a remembered port is not taken by one of them.
_FREE_RANGE = range(20000, 30000)


class Ports:
    """Ports of one stack. Each is reserved against other stacks of this user for as long as this object lives."""

    def __init__(self, memory: Path, *, usual: bool = True) -> None:
        """`usual` false leaves the well-known ports to somebody else, as tests do."""
        self._memory = memory
        self._usual = usual
        self._reservations: list[Lock] = []
        self._known: dict[str, int] = json.loads(memory.read_text()) if memory.exists() else {}

    def take(self, name: str, usual: int = 0) -> int:
        """The port of a part: the remembered one, the usual one, or any free one (`usual` 0), in this order."""
        for port in (self._known.get(name, 0), usual if self._usual else 0, *random.sample(_FREE_RANGE, 200)):
            if port and self._reserve(port):
                self._known[name] = port
                self._memory.parent.mkdir(parents=True, exist_ok=True)
                self._memory.write_text(json.dumps(self._known, indent=1))
                return port
        raise OSError(f"no free port for {name}")

    def release(self) -> None:
        """Give every reservation back; the memory stays."""
        for lock in self._reservations:
            lock.release()
        self._reservations.clear()

    def _reserve(self, port: int) -> bool:
        folder = Path(tempfile.gettempdir()) / f"amplify-ports-{os.getuid()}"
        try:
            lock = Lock(folder / str(port)).take()
        except Held:
            return False
        if not is_free(port):
            lock.release()
            return False
        self._reservations.append(lock)
        return True


def is_free(port: int) -> bool:
    """Whether a server could bind the port on the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
