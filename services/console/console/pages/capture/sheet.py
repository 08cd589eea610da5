"""A questionnaire laid out for answering: clusters, their points, and each question in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from amplify.assessment.v1.assessment_pb2 import Answer, Finding
from amplify.assessment.v1.questionnaire_pb2 import Question, Questionnaire
from console.codes import code_of, codes
from console.texts import Language, Said, said
from console.times import calendar_day

FINDINGS = codes(Finding)


@dataclass(frozen=True)
class Entry:
    """One question with its present answer."""

    question: Question
    text: Said
    kind: str
    scored: bool
    value: str
    answer: Answer | None


@dataclass(frozen=True)
class Point:
    """A compliance point and its questions. `confirmed`: whether a source states its name."""

    key: str
    name: Said
    confirmed: bool
    entries: list[Entry]


@dataclass(frozen=True)
class Cluster:
    """A cluster and those of its points that are asked."""

    key: str
    number: int
    name: Said
    points: list[Point]


def lay_out(questionnaire: Questionnaire, answers: Mapping[str, Answer], spoken: Language) -> list[Cluster]:
    """The sheet, in the questionnaire's order."""
    by_point: dict[tuple[str, str], list[Entry]] = {}
    for question in questionnaire.questions:
        entry = _entry(question, answers.get(question.question_id), spoken)
        by_point.setdefault((question.cluster, question.point), []).append(entry)
    clusters = []
    for cluster in questionnaire.clusters:
        points = [
            Point(f"{cluster.key}.{point.key}", said(point.text, spoken), bool(point.source), entries)
            for point in cluster.points
            if (entries := by_point.get((cluster.key, point.key)))
        ]
        if points:
            clusters.append(Cluster(cluster.key, cluster.number, said(cluster.text, spoken), points))
    return clusters


def value_of(answer: Answer) -> str:
    """An answer as the page writes it: a code, a number, `yes`, `no` or an ISO day."""
    match answer.WhichOneof("value"):
        case "finding":
            return code_of(answer, "finding")
        case "count":
            return str(answer.count)
        case "percentage":
            return str(answer.percentage)
        case "yes_no":
            return "yes" if answer.yes_no else "no"
        case "day":
            return calendar_day(answer.day).isoformat()
        case _:
            return ""


def _entry(question: Question, answer: Answer | None, spoken: Language) -> Entry:
    return Entry(
        question=question,
        text=said(question.text, spoken),
        kind=code_of(question, "answer_kind"),
        scored=code_of(question, "type") == "scored",
        value=value_of(answer) if answer is not None else "",
        answer=answer,
    )
