"""A consent grant: which organisation may see what of which factory, what for, and until when."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from programme.domain.consent_terms import Terms, end_problems, evidence_problems, terms_problems
from programme.domain.errors import ConsentWrongState, InvalidFields, Problem
from programme.domain.facts import ConsentExpired, ConsentGranted, ConsentRenewed, ConsentWithdrawn


class ConsentState(Enum):
    """Where a grant stands."""

    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Renewal:
    """One move of a grant's end from `ended_at` to the later `ends_at`, by an opaque person."""

    at: datetime
    ended_at: datetime
    ends_at: datetime
    by: str
    evidence: str = ""


@dataclass
class ConsentGrant:
    """One grant. `granted_by` is an opaque person; an officer acting for the factory names the `evidence` of its word.

    `country` is the factory's. `ended_at` is set once the grant has expired or was withdrawn, `ended_by` in the
    latter case. `terms` never change, but for an end that `renewals` moved to a later time.
    """

    id: str
    country: str
    terms: Terms
    granted_by: str
    evidence: str
    state: ConsentState
    granted_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
    renewals: tuple[Renewal, ...] = ()
    recorded: list[object] = field(default_factory=list)

    @classmethod
    def grant(
        cls, id: str, country: str, terms: Terms, *, by: str, on_behalf: bool, evidence: str, now: datetime
    ) -> "ConsentGrant":
        """Give consent. Raises InvalidFields for wrong terms or a missing evidence."""
        if problems := [*terms_problems(terms, now), *evidence_problems(evidence, on_behalf)]:
            raise InvalidFields(problems)
        terms = replace(terms, fields=tuple(sorted(terms.fields)))
        fact = ConsentGranted(id, now)
        return cls(id, country, terms, by, evidence.strip(), ConsentState.LIVE, now, recorded=[fact])

    def is_live(self, at: datetime) -> bool:
        """Whether it opens its scope at this time, also where its expiry has not been recorded yet."""
        return self.state is ConsentState.LIVE and self.terms.starts_at <= at < self.terms.ends_at

    def renew(self, ends_at: datetime, *, by: str, on_behalf: bool, evidence: str, now: datetime) -> None:
        """Move the end to a later time; nothing else changes.

        Raises ConsentWrongState for a grant that is over, also when its end has come but is not recorded yet, and
        InvalidFields for an end that is not later, too far ahead, or a missing evidence.
        """
        self._still_live(now)
        later = [] if ends_at > self.terms.ends_at else [_NOT_LATER]
        if problems := [*later, *end_problems(ends_at, now), *evidence_problems(evidence, on_behalf)]:
            raise InvalidFields(problems)
        before = self.terms.ends_at
        self.renewals = (*self.renewals, Renewal(now, before, ends_at, by, evidence.strip()))
        self.terms = self.terms.until(ends_at)
        self.recorded.append(ConsentRenewed(self.id, before, ends_at, now))

    def withdraw(self, by: str, now: datetime) -> None:
        """Take the consent back, from now on. Raises ConsentWrongState where there is nothing left to take back."""
        self._still_live(now)
        self._end(ConsentState.WITHDRAWN, now)
        self.ended_by = by
        self.recorded.append(ConsentWithdrawn(self.id, now))

    def expire(self, now: datetime) -> bool:
        """Note that the end has come; says whether it had. A grant that is not live, or not over, stays as it is."""
        if self.state is not ConsentState.LIVE or now < self.terms.ends_at:
            return False
        self._end(ConsentState.EXPIRED, now)
        self.recorded.append(ConsentExpired(self.id, now))
        return True

    def _still_live(self, now: datetime) -> None:
        if self.state is not ConsentState.LIVE or now >= self.terms.ends_at:
            raise ConsentWrongState("The grant has ended already.", "name")

    def _end(self, state: ConsentState, now: datetime) -> None:
        self.state = state
        self.ended_at = now


_NOT_LATER = Problem("ends_at", "NOT_LATER", "a renewal ends later than the grant does now; withdraw it to end sooner")
