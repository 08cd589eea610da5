"""An occasion: what a fact of another service means to the people who may have to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Occasion:
    """A fact, stripped to what rules, audiences and templates use.

    `event` is the fact's full name, `fact_id` its CloudEvents id. `advisors` and `team_leader` are opaque person ids.
    `parameters` are what a template may say. `of_use_until`, where set, is the moment after which hearing of it helps
    nobody.
    """

    event: str
    fact_id: str
    happened_at: datetime
    country: str
    factory_id: str
    assessment_id: str = ""
    organisation_id: str = ""
    team_leader: str = ""
    advisors: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    of_use_until: datetime | None = None
