"""A partner organisation: somebody to whom factories may give consent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from programme.domain.errors import InvalidFields, Problem
from programme.domain.facts import OrganisationRegistered

LONGEST_NAME = 200


class OrganisationKind(Enum):
    """What a partner is."""

    BUYER = "buyer"
    FINANCIER = "financier"
    MINISTRY = "ministry"
    UNION = "union"
    RESEARCHER = "researcher"


@dataclass
class Organisation:
    """One partner; `id` is a slug such as `north-sea-apparel`."""

    id: str
    display_name: str
    kind: OrganisationKind
    registered_at: datetime
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def register(cls, id: str, display_name: str, kind: OrganisationKind, now: datetime) -> "Organisation":
        """Make a partner known. Raises InvalidFields without a usable name."""
        name = display_name.strip()
        if not name or len(name) > LONGEST_NAME:
            raise InvalidFields([Problem("display_name", "TEXT_LENGTH", f"give 1 to {LONGEST_NAME} characters")])
        return cls(id, name, kind, now, [OrganisationRegistered(id, now)])
