"""The time zone of each country programme, asked for once in a while."""

import time
from threading import Lock

from console.clients.services import Services
from console.clients.troubles import Trouble

KEPT_SECONDS = 300.0
RETRY_SECONDS = 10.0


class Zones:
    """IANA zones by country code. Shared by all visits; the answer is the same for everybody."""

    def __init__(self) -> None:
        self._zones: dict[str, str] = {}
        self._ask_next = 0.0
        self._lock = Lock()

    def of(self, country: str, services: Services) -> str:
        """The country's zone; what was known last, or UTC, while programme does not answer."""
        if time.monotonic() >= self._ask_next and self._lock.acquire(blocking=country not in self._zones):
            try:
                self._ask(services)
            finally:
                self._lock.release()
        return self._zones.get(country, "UTC")

    def _ask(self, services: Services) -> None:
        if time.monotonic() < self._ask_next:
            return
        try:
            self._zones = services.programme.time_zones()
            self._ask_next = time.monotonic() + KEPT_SECONDS
        except Trouble:
            self._ask_next = time.monotonic() + RETRY_SECONDS
