"""The terms of a consent: to whom, what, what for and how long; and the rules that they must meet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from programme.domain.errors import Problem

CLOCK_DIFFERENCE = timedelta(minutes=5)
"""How far in the past a start may lie: the clocks of a browser and of this service never agree."""

LONGEST_CONSENT = timedelta(days=1096)
"""How far ahead a consent may end, three years: the people who gave it should be asked again before they have left."""


class Scope(Enum):
    """What a grant opens."""

    REPORTS = "reports"
    IMPROVEMENT_PLAN = "improvement-plan"
    FINANCE = "finance"
    TRAINING = "training"
    ENVIRONMENT = "environment"


class Purpose(Enum):
    """What an organisation may use for what a grant opens."""

    SUPPLY_CHAIN_DUE_DILIGENCE = "supply-chain-due-diligence"
    FINANCE_REFERRAL = "finance-referral"
    GOVERNMENT_SUPERVISION = "government-supervision"
    RESEARCH = "research"
    TRAINING = "training"


FIELDS: Mapping[Scope, frozenset[str]] = {
    Scope.REPORTS: frozenset({"overall", "clusters", "points", "points.status", "points.findings"}),
    Scope.IMPROVEMENT_PLAN: frozenset(
        {"lines", "lines.state", "lines.due_day", "lines.action", "lines.proofs", "progress_reports"}
    ),
    Scope.FINANCE: frozenset({"eligibility", "report", "improvement_lines", "environment", "training", "company"}),
    Scope.TRAINING: frozenset({"sessions", "attendance", "certificates", "outcomes"}),
    Scope.ENVIRONMENT: frozenset({"energy", "water", "chemicals", "higg_fem"}),
}
"""The paths that a grant of each scope may open one by one, as the contract lists them at `ConsentGrant.fields`."""

ONLY_PURPOSES: Mapping[Scope, Purpose] = {Scope.FINANCE: Purpose.FINANCE_REFERRAL}
"""Scopes that are opened for one purpose alone: whoever asks for them asks for that one. Others fit every purpose."""


@dataclass(frozen=True)
class Terms:
    """What is granted: `starts_at` inclusive, `ends_at` exclusive, both in UTC.

    `fields` are paths of the scope, sorted; none stands for all of them. `reference` names the one thing that the
    grant is for, as `referrals/{id}`; empty where it is for the factory as such. `purpose` is None in grants of 0.1.
    """

    factory_id: str
    organisation_id: str
    scope: Scope
    starts_at: datetime
    ends_at: datetime
    purpose: Purpose | None = None
    fields: tuple[str, ...] = ()
    reference: str = ""

    def until(self, ends_at: datetime) -> "Terms":
        """The same terms with another end."""
        return replace(self, ends_at=ends_at)


def terms_problems(terms: Terms, now: datetime) -> list[Problem]:
    """What is wrong with the terms of a new grant."""
    return [*_period_problems(terms, now), *_purpose_problems(terms), *_field_problems(terms)]


def end_problems(ends_at: datetime, now: datetime) -> list[Problem]:
    """What is wrong with an end, whatever comes before it."""
    if ends_at > now + LONGEST_CONSENT:
        return [Problem("ends_at", "TOO_FAR_AHEAD", f"a consent ends at most {LONGEST_CONSENT.days} days from now")]
    return []


def evidence_problems(evidence: str, on_behalf: bool) -> list[Problem]:
    """Somebody who acts for a factory names the document that says so."""
    if on_behalf and not evidence.strip():
        return [Problem("evidence", "EVIDENCE_REQUIRED", "name the document in which the factory said so")]
    return []


def _period_problems(terms: Terms, now: datetime) -> list[Problem]:
    if terms.starts_at < now - CLOCK_DIFFERENCE:
        return [Problem("starts_at", "TIME_IN_THE_PAST", "a consent cannot begin in the past")]
    if terms.ends_at <= max(now, terms.starts_at):
        return [Problem("ends_at", "END_BEFORE_START", "the end must come after the start, and after now")]
    return end_problems(terms.ends_at, now)


def _purpose_problems(terms: Terms) -> list[Problem]:
    only = ONLY_PURPOSES.get(terms.scope)
    if only is None or terms.purpose in (None, only):
        return []
    return [Problem("purpose", "PURPOSE_NOT_FITTING", f"this scope is opened for {only.value} alone")]


def _field_problems(terms: Terms) -> list[Problem]:
    known = FIELDS[terms.scope]
    listed = ", ".join(sorted(known))
    return [
        Problem(f"fields[{place}]", "UNKNOWN_FIELD", f"is no path of this scope; those are {listed}")
        for place, path in enumerate(terms.fields)
        if path not in known
    ]
