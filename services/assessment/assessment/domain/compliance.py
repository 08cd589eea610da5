"""How compliance is computed, never typed: answer to compliance point to cluster to factory.

The rule is the one analysts run on exports of the programme: a compliance point is non-compliant if any of its scored
questions is; a rate is non-compliant points out of points assessed; a point with nothing assessed leaves the count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.domain.answers import Finding, Value
from assessment.domain.questions import Questionnaire


class PointStatus(StrEnum):
    """Where a compliance point stands."""

    NON_COMPLIANT = "non_compliant"
    COMPLIANT = "compliant"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True)
class Rate:
    """Non-compliant compliance points out of those assessed. With none assessed there is no rate, only 0 of 0."""

    non_compliant: int
    assessed: int


@dataclass(frozen=True)
class PointResult:
    """One compliance point: its status and the national ids of the questions found non-compliant, in order."""

    cluster: str
    point: str
    status: PointStatus
    findings: tuple[str, ...]


@dataclass(frozen=True)
class ClusterResult:
    """One cluster's rate."""

    cluster: str
    rate: Rate


@dataclass(frozen=True)
class Compliance:
    """The whole result of one assessment, in the questionnaire's order."""

    points: tuple[PointResult, ...]
    clusters: tuple[ClusterResult, ...]
    overall: Rate


def compute(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Compliance:
    """The compliance that the current answers (by national question id) give. Context answers are ignored."""
    asked: dict[tuple[str, str], list[str]] = {}
    for question in questionnaire.questions:
        if question.scored:
            asked.setdefault((question.cluster, question.point), []).append(question.id)
    points = tuple(
        _point(cluster.key, point.key, asked.get((cluster.key, point.key), []), answers)
        for cluster in questionnaire.clusters
        for point in cluster.points
    )
    clusters = tuple(
        ClusterResult(cluster.key, _rate(point for point in points if point.cluster == cluster.key))
        for cluster in questionnaire.clusters
    )
    return Compliance(points, clusters, _rate(points))


def _point(cluster: str, point: str, question_ids: list[str], answers: Mapping[str, Value]) -> PointResult:
    findings = tuple(each for each in question_ids if answers.get(each) == Finding.NON_COMPLIANT)
    if findings:
        status = PointStatus.NON_COMPLIANT
    elif any(answers.get(each) == Finding.COMPLIANT for each in question_ids):
        status = PointStatus.COMPLIANT
    else:
        status = PointStatus.NOT_ASSESSED
    return PointResult(cluster, point, status, findings)


def _rate(points: Iterable[PointResult]) -> Rate:
    statuses = [point.status for point in points]
    non_compliant = statuses.count(PointStatus.NON_COMPLIANT)
    return Rate(non_compliant, non_compliant + statuses.count(PointStatus.COMPLIANT))
