"""What providers said of an address that did not take a message: counted at first, then nothing is sent there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

SOFT_LIMIT = 10
"""So many passing refusals in a row, without a delivery between them, suppress an address."""


class Suppressed(StrEnum):
    """Why nothing is sent to an address any more."""

    HARD_BOUNCE = "HARD_BOUNCE"
    SOFT_BOUNCES = "SOFT_BOUNCES"


@dataclass(frozen=True)
class Bounces:
    """The bounces of a person's address for one channel.

    `status_code` is the enhanced status code of the last one (RFC 3463), empty where the provider gave none; `soft`
    counts passing ones in a row. `suppressed` says why nothing goes there, empty while messages do. `countries` are
    the person's, by which staff find the row.
    """

    channel: str = ""
    soft: int = 0
    status_code: str = ""
    last_at: datetime | None = None
    suppressed: str = ""
    suppressed_at: datetime | None = None
    countries: list[str] = field(default_factory=list)

    def after(self, channel: str, status_code: str, now: datetime, *, permanent: bool) -> Bounces:
        """As it is after one more bounce; a second reason does not replace the first."""
        soft = self.soft if permanent else self.soft + 1
        noted = replace(self, channel=channel, soft=soft, status_code=status_code, last_at=now)
        if noted.suppressed or not (permanent or soft >= SOFT_LIMIT):
            return noted
        reason = Suppressed.HARD_BOUNCE if permanent else Suppressed.SOFT_BOUNCES
        return replace(noted, suppressed=reason.value, suppressed_at=now)
