"""Since when each service has not answered; what one person's call finds out is known to all."""

from datetime import UTC, datetime
from threading import Lock


class Outages:
    """Shared by all visits of this process. A service that was never asked counts as well."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}
        self._lock = Lock()

    def answered(self, service: str) -> None:
        """The service answered, be it to refuse."""
        with self._lock:
            self._since.pop(service, None)

    def failed(self, service: str) -> datetime:
        """The service did not answer; returns the first time that this was found out."""
        with self._lock:
            return self._since.setdefault(service, datetime.now(UTC))

    def since(self, service: str) -> datetime | None:
        """When the service was first found not to answer; None while it does."""
        return self._since.get(service)
