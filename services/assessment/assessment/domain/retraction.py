"""The retraction of a grant that is over, from the moment at which the partner acknowledged it."""

from dataclasses import dataclass, field
from datetime import datetime

from assessment.domain.retraction_facts import RetractionAcknowledged


@dataclass
class Retraction:
    """Its id is the grant's: a grant ends once, so there is one for each. It never changes."""

    id: str
    organisation_id: str
    factory_id: str
    acknowledged_at: datetime
    acknowledged_by: str
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def acknowledge(
        cls, grant_id: str, organisation_id: str, factory_id: str, *, by: str, now: datetime
    ) -> "Retraction":
        """The organisation has deleted what came under the grant."""
        fact = RetractionAcknowledged(grant_id, organisation_id, factory_id, by, now)
        return cls(grant_id, organisation_id, factory_id, now, by, [fact])
