"""What is asked: clusters, compliance points, national questions, and the questionnaire of one country on one day."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

Texts = Mapping[str, str]
"""A text by language tag, such as {"en": "Child Labour"}."""


class AnswerKind(StrEnum):
    """What an answer to a question looks like. FINDING is scored; every other kind is context."""

    FINDING = "finding"
    COUNT = "count"
    PERCENTAGE = "percentage"
    YES_NO = "yes_no"
    DATE = "date"


@dataclass(frozen=True)
class Sourced:
    """A statement of law or practice. `source` is a key of the bank's sources; None: unconfirmed, and shown as such."""

    text: str
    source: str | None


@dataclass(frozen=True)
class Threshold:
    """A number the question is judged by, such as the minimum age in years. Without a source it is unconfirmed."""

    name: str
    value: int | None
    unit: str
    source: str | None


@dataclass(frozen=True)
class Question:
    """One question as one country asks it between two dates.

    `id` is the national id, unique in a questionnaire and the key of its answer; `global_id` stays the same across
    countries and years. `effective_to` is the last day it is asked; None means until further notice.
    """

    id: str
    global_id: str
    country: str
    cluster: str
    point: str
    kind: AnswerKind
    text: Texts
    finding: Texts
    reference: Sourced
    thresholds: tuple[Threshold, ...]
    tags: tuple[Sourced, ...]
    effective_from: date
    effective_to: date | None

    @property
    def scored(self) -> bool:
        """Whether the answer counts towards compliance; context questions never do."""
        return self.kind is AnswerKind.FINDING

    def effective(self, on: date) -> bool:
        """Whether the question is asked on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class CompliancePoint:
    """The second global level. `name_source` is None where no public source confirms the name."""

    key: str
    name: Texts
    name_source: str | None


@dataclass(frozen=True)
class Cluster:
    """The first global level: eight of them, each on ILO core conventions or on national law (`basis`)."""

    key: str
    number: int
    basis: str
    name: Texts
    points: tuple[CompliancePoint, ...]


@dataclass(frozen=True)
class Questionnaire:
    """The questions one country asks on one day, in order. Never changes: `id` holds a digest of all of it."""

    country: str
    effective_on: date
    bank_version: str
    clusters: tuple[Cluster, ...]
    questions: tuple[Question, ...]
    sources: Mapping[str, str]

    @cached_property
    def id(self) -> str:
        """Country, first day and digest, such as `bd-20260101-5f0c1a2b3c4d`: the same content, the same id."""
        content = asdict(self) | {"sources": dict(self.sources)}
        digest = hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()
        return f"{self.country.lower()}-{self.effective_on:%Y%m%d}-{digest[:12]}"

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Questions by national id."""
        return MappingProxyType({question.id: question for question in self.questions})

    @cached_property
    def scored_ids(self) -> frozenset[str]:
        """National ids of the questions that count towards compliance and must be answered before submission."""
        return frozenset(question.id for question in self.questions if question.scored)


@dataclass(frozen=True)
class Bank:
    """Every question of every country, with the dates between which each is asked."""

    version: str
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    sources: Mapping[str, str]
    clusters: tuple[Cluster, ...]
    questions: tuple[Question, ...]

    def change_days(self, country: str) -> list[date]:
        """The days on which the country's questionnaire changes, oldest first."""
        asked = [question for question in self.questions if question.country == country]
        begins = {question.effective_from for question in asked}
        ends = {question.effective_to + timedelta(days=1) for question in asked if question.effective_to is not None}
        return sorted(begins | ends)

    def questionnaire(self, country: str, on: date) -> Questionnaire | None:
        """The questionnaire in force in the country on that day; None where the bank asks nothing then."""
        days = [day for day in self.change_days(country) if day <= on]
        asked = tuple(question for question in self.questions if question.country == country and question.effective(on))
        if not days or not asked:
            return None
        with_questions = {question.cluster for question in asked}
        clusters = tuple(cluster for cluster in self.clusters if cluster.key in with_questions)
        return Questionnaire(country, days[-1], self.version, clusters, asked, self.sources)
