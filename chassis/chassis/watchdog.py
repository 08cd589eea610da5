"""Tells stuck from idle: a consumer with lag, no progress and no halt ends its process, to be started afresh."""

import logging
import threading
import time

from chassis import generations, kafka_clients, metrics, offsets
from chassis.logs import describe
from chassis.settings import Settings
from chassis.stream import ConsumerThread

log = logging.getLogger(__name__)


class Watchdog(threading.Thread):
    """Ends the process when a consumer has lag, makes no progress and is not halted: restarting cures most of that."""

    def __init__(self, settings: Settings, threads: list[ConsumerThread], end: threading.Event) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._settings = settings
        self._threads = threads
        self._end = end
        self._progress: dict[str, tuple[float, int]] = {}

    def run(self) -> None:
        """Look every few seconds until the process stops; `stuck` asks it to end."""
        looker = None
        while not self._end.wait(min(self._settings.stall_seconds / 4, 10.0)):
            try:
                looker = looker or kafka_clients.looker(self._settings)
                for thread in self._threads:
                    if self._is_stuck(thread, offsets.ends(looker, thread.topics)):
                        log.error("consumer is stuck: ending the process", extra={"consumer": thread.consumer.name})
                        thread.failure = RuntimeError("stuck")
            except Exception as error:
                log.warning("watchdog cannot see the broker", extra={"error": describe(error)})
                looker = None

    def _is_stuck(self, thread: ConsumerThread, ends: offsets.Places) -> bool:
        if thread.port is None or thread.applier is None or generations.halted(thread.applier.name):
            self._progress.pop(thread.name, None)
            return False
        admin = kafka_clients.admin(self._settings)
        try:
            if offsets.topic_ids(admin, thread.topics) != thread.topic_ids:
                return True  # made anew: begin at their start
            done = offsets.committed(admin, thread.group)
        finally:
            admin.close()
        behind = offsets.lag(ends, done)
        metrics.LAG.labels(thread.consumer.name).set(behind)
        progress = sum(done.values())
        seen_at, before = self._progress.get(thread.name, (0.0, -1))
        if behind == 0 or progress != before:
            self._progress[thread.name] = (time.monotonic(), progress)
            return False
        return time.monotonic() - seen_at > self._settings.stall_seconds
