"""What every fact of this service has in common."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Fact:
    """The assessment, its factory, country, the actor (opaque id; None: the clock) and the time."""

    assessment_id: str
    factory_id: str
    country: str
    actor: str | None
    at: datetime
