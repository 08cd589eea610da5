"""An occasion: what a fact of another service means to the people who may have to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Occasion:
    """A fact, stripped to what rules, audiences and templates use.

    `event` is the fact's full name, `fact_id` its CloudEvents id. `subject_id` names what else than a factory or an
    assessment the fact is about: a visit, a session, a course, a referral. `advisors`, `team_leader` and `people` (the
    visiting advisor, trainers, the officer of a referral) are opaque person ids. `factories` are all factories with a
    part in it, where a fact names several. `traits` are what a rule may ask for by `only`. `parameters` are what a
    template may say. `of_use_until`, where set, is the moment after which hearing of it helps nobody.
    """

    event: str
    fact_id: str
    happened_at: datetime
    country: str
    factory_id: str
    assessment_id: str = ""
    subject_id: str = ""
    organisation_id: str = ""
    team_leader: str = ""
    advisors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    factories: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = field(default_factory=dict)
    of_use_until: datetime | None = None
