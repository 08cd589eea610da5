"""What every fact of this service has in common."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Fact:
    """The assessment, its factory, country, the actor (opaque id; None: the clock) and the time."""

    assessment_id: str
    factory_id: str
    country: str
    actor: str | None
    at: datetime


@dataclass(frozen=True)
class FactoryFact:
    """What facts of remediation have in common: factory, country, the actor (None: a rule or the clock), the time."""

    factory_id: str
    country: str
    actor: str | None
    at: datetime


@dataclass(frozen=True)
class LineFact(FactoryFact):
    """A fact about one line of a factory's improvement plan, by its compliance point."""

    line_id: str
    cluster: str
    point: str


@dataclass(frozen=True)
class ProgressFact(FactoryFact):
    """A fact about the progress report that an assessment's release asked for."""

    assessment_id: str
    due_day: date
    due_at: datetime


@dataclass(frozen=True)
class VisitFact(FactoryFact):
    """A fact about one advisory visit and the advisor (opaque id) who goes."""

    advisory_visit_id: str
    advisor: str
