"""A consent grant: which organisation may see what of which factory, and until when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from programme.domain.errors import ConsentWrongState, InvalidFields, Problem
from programme.domain.facts import ConsentExpired, ConsentGranted, ConsentWithdrawn

CLOCK_DIFFERENCE = timedelta(minutes=5)
"""How far in the past a start may lie: the clocks of a browser and of this service never agree."""


class Scope(Enum):
    """What a grant opens."""

    REPORTS = "reports"
    IMPROVEMENT_PLAN = "improvement-plan"


class ConsentState(Enum):
    """Where a grant stands."""

    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Terms:
    """What is granted: `starts_at` inclusive, `ends_at` exclusive, both in UTC."""

    factory_id: str
    organisation_id: str
    scope: Scope
    starts_at: datetime
    ends_at: datetime


@dataclass
class ConsentGrant:
    """One grant. `granted_by` is an opaque person; an officer acting for the factory names the `evidence` of its word.

    `country` is the factory's. `ended_at` is set once the grant has expired or was withdrawn.
    """

    id: str
    country: str
    terms: Terms
    granted_by: str
    evidence: str
    state: ConsentState
    granted_at: datetime
    ended_at: datetime | None = None
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def grant(
        cls, id: str, country: str, terms: Terms, *, by: str, on_behalf: bool, evidence: str, now: datetime
    ) -> "ConsentGrant":
        """Give consent. Raises InvalidFields for a start in the past, an end before it, or a missing evidence."""
        problems = [*_period_problems(terms, now), *_evidence_problems(evidence, on_behalf)]
        if problems:
            raise InvalidFields(problems)
        fact = ConsentGranted(id, now)
        return cls(id, country, terms, by, evidence.strip(), ConsentState.LIVE, now, recorded=[fact])

    def is_live(self, at: datetime) -> bool:
        """Whether it opens its scope at this time, also where its expiry has not been recorded yet."""
        return self.state is ConsentState.LIVE and self.terms.starts_at <= at < self.terms.ends_at

    def withdraw(self, now: datetime) -> None:
        """Take the consent back, from now on. Raises ConsentWrongState where there is nothing left to take back."""
        if self.state is not ConsentState.LIVE or now >= self.terms.ends_at:
            raise ConsentWrongState("The grant has ended already.", "name")
        self._end(ConsentState.WITHDRAWN, now)
        self.recorded.append(ConsentWithdrawn(self.id, now))

    def expire(self, now: datetime) -> bool:
        """Note that the end has come; says whether it had. A grant that is not live, or not over, stays as it is."""
        if self.state is not ConsentState.LIVE or now < self.terms.ends_at:
            return False
        self._end(ConsentState.EXPIRED, now)
        self.recorded.append(ConsentExpired(self.id, now))
        return True

    def _end(self, state: ConsentState, now: datetime) -> None:
        self.state = state
        self.ended_at = now


def _period_problems(terms: Terms, now: datetime) -> list[Problem]:
    if terms.starts_at < now - CLOCK_DIFFERENCE:
        return [Problem("starts_at", "TIME_IN_THE_PAST", "a consent cannot begin in the past")]
    if terms.ends_at <= max(now, terms.starts_at):
        return [Problem("ends_at", "END_BEFORE_START", "the end must come after the start, and after now")]
    return []


def _evidence_problems(evidence: str, on_behalf: bool) -> list[Problem]:
    if on_behalf and not evidence.strip():
        return [Problem("evidence", "EVIDENCE_REQUIRED", "name the document in which the factory said so")]
    return []
