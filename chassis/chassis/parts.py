"""The parts that a process can be made of: each begins, ends when told to, and says whether its loops turn."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from chassis import logs, operations
from chassis.caught_up import Lookout
from chassis.consumer import Consumer
from chassis.due_work import DueWorker, Handlers
from chassis.grpc_server import Server
from chassis.heartbeat import Heartbeat
from chassis.relay import Relay
from chassis.sealer import Sealer
from chassis.settings import Settings
from chassis.stream import ConsumerThread
from chassis.watchdog import Watchdog

log = logging.getLogger(__name__)
PART_STOP_SECONDS = 20.0
MEASURE_SECONDS = 5.0


class Part(Protocol):
    """One running part of a process."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Finish what is at hand and end; returns when it has."""

    def failed(self) -> bool:
        """Whether the process should end, to be started afresh."""

    def hearts(self) -> Sequence[Heartbeat]:
        """The pulses of its loops."""


class Serving:
    """Some servers, which drain side by side."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = servers

    def start(self) -> None:
        """Serve."""
        for server in self._servers:
            server.start()

    def stop(self) -> None:
        """Drain all of them."""
        stopping = [threading.Thread(target=server.stop) for server in self._servers]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()

    def failed(self) -> bool:
        """Never: what goes wrong in a call is its caller's."""
        return False

    def hearts(self) -> Sequence[Heartbeat]:
        """None: it has threads and no loop."""
        return ()


class Consuming:
    """The consumers of a service, each on a thread, the watchdog over them and the lookout for their views."""

    def __init__(self, settings: Settings, service: str, consumers: Sequence[Consumer]) -> None:
        self._end = threading.Event()
        self._threads = [ConsumerThread(settings, service, consumer) for consumer in consumers]
        self._watchdog = Watchdog(settings, self._threads, self._end)
        self._lookout = Lookout(settings, service, consumers, self._end)

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()
        self._watchdog.start()
        self._lookout.start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        self._end.set()
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join(PART_STOP_SECONDS)

    def failed(self) -> bool:
        """Whether the process should end."""
        return not self._end.is_set() and any(
            thread.failure is not None or (thread.ident is not None and not thread.is_alive())
            for thread in self._threads
        )

    def hearts(self) -> Sequence[Heartbeat]:
        """The pulses of its loops."""
        return [thread.heart for thread in self._threads]


class Threaded:
    """A part whose `run` blocks on a thread until its `stop` is called."""

    def __init__(
        self, name: str, run: Callable[[], None], stop: Callable[[], None], heart: Heartbeat | None = None
    ) -> None:
        self._name, self._run, self._stop, self._heart = name, run, stop, heart
        self._failed = False
        self._thread = threading.Thread(target=self._guarded, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        self._stop()
        self._thread.join(PART_STOP_SECONDS)

    def failed(self) -> bool:
        """Whether the process should end."""
        return self._failed

    def hearts(self) -> Sequence[Heartbeat]:
        """The pulses of its loops."""
        return [self._heart] if self._heart else []

    def _guarded(self) -> None:
        try:
            self._run()
        except Exception:
            log.exception("part failed", extra={"part": self._name})
            self._failed = True


class Relaying(Threaded):
    """The relay, and the gauges of what waits for it."""

    def __init__(self, settings: Settings) -> None:
        relay = Relay(settings)
        self._measuring = threading.Event()
        super().__init__("relay", relay.run, relay.stop, relay.heart)

    def start(self) -> None:
        """Begin."""
        super().start()
        threading.Thread(target=self._measure, name="relay-gauges", daemon=True).start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        self._measuring.set()
        super().stop()

    def _measure(self) -> None:
        while not self._measuring.wait(MEASURE_SECONDS):
            try:
                operations.measure_pending()
            except Exception as error:
                log.warning("gauges wait for the database", extra={"error": logs.describe(error)})


class DoingDueWork:
    """The workers of due work, one for each table."""

    def __init__(self, due: Handlers | Sequence[Handlers]) -> None:
        workers = [DueWorker(handlers) for handlers in ([due] if isinstance(due, Mapping) else due)]
        self._parts = [Threaded(f"due-{number}", one.run, one.stop, one.heart) for number, one in enumerate(workers)]

    def start(self) -> None:
        """Begin."""
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        for part in self._parts:
            part.stop()

    def failed(self) -> bool:
        """Whether the process should end."""
        return any(part.failed() for part in self._parts)

    def hearts(self) -> Sequence[Heartbeat]:
        """The pulses of its loops."""
        return [heart for part in self._parts for heart in part.hearts()]


class Sealing(Threaded):
    """The sealer of the audit."""

    def __init__(self, settings: Settings) -> None:
        sealer = Sealer(settings)
        super().__init__("seal", sealer.run, sealer.stop, sealer.heart)
