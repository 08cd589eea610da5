"""Seals the audit every few seconds, in one process of the service at a time."""

import logging
import threading

from pymongo.errors import PyMongoError

from chassis.audit import BATCH, Seals
from chassis.heartbeat import Heartbeat
from chassis.lease import Lease
from chassis.logs import describe
from chassis.settings import Settings

log = logging.getLogger(__name__)
LEASE_SECONDS = 15.0
PAUSE_SECONDS = 2.0
TURN_SECONDS = 300.0


class Sealer:
    """The one sealer of a service: the lease spares double work, and each seal's place in the chain makes it safe."""

    def __init__(self, settings: Settings) -> None:
        self._seals = Seals(settings)
        self._lease = Lease("audit", LEASE_SECONDS)
        self._stop = threading.Event()
        self.heart = Heartbeat(TURN_SECONDS)

    def run(self) -> None:
        """Seal until stopped; outages of the database are waited out."""
        while not self._stop.wait(PAUSE_SECONDS):
            self.heart.beat()
            try:
                while self._lease.acquire() is not None and self._seals.seal() == BATCH:
                    self.heart.beat()
                    if self._stop.is_set():
                        break
            except PyMongoError as error:
                log.warning("sealer waits for the database", extra={"error": describe(error)})
        self.heart.rest()
        self._release()

    def stop(self) -> None:
        """End after the seal at hand."""
        self._stop.set()

    def _release(self) -> None:
        try:
            self._lease.release()
        except PyMongoError as error:
            log.warning("the sealer's lease ends by itself", extra={"error": describe(error)})
