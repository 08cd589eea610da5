"""What happened to the retraction of a grant, in the past tense."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RetractionAcknowledged:
    """A partner says that it has deleted whatever came under the grant; `by` is the opaque id of its program."""

    grant_id: str
    organisation_id: str
    factory_id: str
    by: str
    at: datetime
