"""A released report: compliance by cluster and point as it was computed, each rate as a count of a count."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from amplify.assessment.v1.questionnaire_pb2 import Question, Questionnaire
from amplify.assessment.v1.report_pb2 import PointResult, Rate, Report
from console.codes import code_of
from console.page import Page, get
from console.roles import ASSESSMENT_STAFF
from console.texts import Language, Said, said
from console.visit import Visit


@dataclass(frozen=True)
class Finding:
    """One question found non-compliant. `confirmed`: whether a source states the law behind it."""

    question: str
    text: Said
    confirmed: bool


@dataclass(frozen=True)
class Point:
    """One compliance point: its name, where it stands, and what was found."""

    name: Said
    confirmed: bool
    status: str
    findings: list[Finding]


@dataclass(frozen=True)
class Cluster:
    """One cluster: its rate and its points."""

    number: int
    name: Said
    rate: Rate
    points: list[Point]


def show(visit: Visit) -> Response:
    """The page."""
    key = visit.path("assessment")
    report = visit.services.assessment.report(key)
    factory_key = report.factory.removeprefix("factories/")
    factory = visit.part(lambda: visit.services.programme.factory(factory_key).display_name)
    questionnaire = visit.services.assessment.questionnaire(report.questionnaire)
    return visit.show(
        "report/page.html",
        report=report,
        id=key,
        factory_name=factory.value or factory_key,
        clusters=lay_out(report, questionnaire, visit.language),
        zone=visit.zone_of(report.country),
    )


def lay_out(report: Report, questionnaire: Questionnaire, spoken: Language) -> list[Cluster]:
    """The report with the names and words of its questionnaire."""
    rates = {one.cluster: one.rate for one in report.clusters}
    results = {(one.cluster, one.point): one for one in report.points}
    questions = {one.question_id: one for one in questionnaire.questions}
    clusters = []
    for cluster in questionnaire.clusters:
        points = [
            Point(
                said(point.text, spoken),
                bool(point.source),
                code_of(result, "status"),
                _found(result, questions, spoken),
            )
            for point in cluster.points
            if (result := results.get((cluster.key, point.key)))
        ]
        if points:
            clusters.append(Cluster(cluster.number, said(cluster.text, spoken), rates.get(cluster.key, Rate()), points))
    return clusters


def _found(result: PointResult, questions: Mapping[str, Question], spoken: Language) -> list[Finding]:
    asked = [questions[key] for key in result.findings if key in questions]
    return [Finding(one.question_id, said(one.finding, spoken), bool(one.reference.source)) for one in asked]


PAGE = Page(
    "report",
    (get("/assessments/{assessment}/report", show),),
    roles=ASSESSMENT_STAFF | {"factory-manager"},
)
