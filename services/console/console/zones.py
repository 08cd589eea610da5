"""The time zone of each country programme, asked for once in a while."""

import time
from threading import Lock

from console.clients.services import Services
from console.clients.troubles import Trouble

KEPT_SECONDS = 300.0
RETRY_SECONDS = 10.0


class Zones:
    """IANA zones by country code. Shared by all visits: a zone is the same for everybody."""

    def __init__(self) -> None:
        self._zones: dict[str, str] = {}
        self._ask_next: dict[str, float] = {}
        self._lock = Lock()

    def of(self, country: str, services: Services) -> str:
        """The country's zone; what was known last, or UTC, while programme does not answer."""
        if time.monotonic() >= self._ask_next.get(country, 0):
            with self._lock:
                if time.monotonic() >= self._ask_next.get(country, 0):
                    self._ask(country, services)
        return self._zones.get(country, "UTC")

    def _ask(self, country: str, services: Services) -> None:
        try:
            self._zones[country] = services.programme.time_zone(country)
            self._ask_next[country] = time.monotonic() + KEPT_SECONDS
        except Trouble:
            self._ask_next[country] = time.monotonic() + RETRY_SECONDS
