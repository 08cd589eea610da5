"""One progress report: the form that a factory fills, and what it submitted with the plan as it stood."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from amplify.assessment.v1.progress_report_pb2 import (
    ProgressReportContent,
    ProgressReportSection,
    ProgressReportText,
)
from amplify.assessment.v1.progress_report_service_pb2 import SubmitProgressReportRequest
from console.codes import code_of, codes, number
from console.page import Page, get, post
from console.pages.lines.view import KINDS as LINE_KINDS
from console.pages.progress_reports.view import KINDS, state
from console.roles import FACTORY, REMEDIATION_READERS
from console.subject import subject
from console.visit import Visit

FLAG = "collective_agreement"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "enterprise": ("women", "men"),
    "social_dialogue": ("complaints_received", "complaints_settled", FLAG),
    "systems": ("policies_revised",),
    "learning": ("own_sessions",),
    "improvement_plan": (),
    "training": ("women_trained", "men_trained"),
    "committee": ("committee_meetings",),
    "advisory": ("advisory_visits",),
    "public_issues": ("public_issues_repaired",),
    "feedback": (),
}
"""The sections in the order of the form, and the numbers of each; every section has a short text besides."""
NUMBERS = tuple(name for names in SECTIONS.values() for name in names if name != FLAG)
FIELDS = {f"content.{name}": name for name in (*NUMBERS, FLAG)}


@dataclass(frozen=True)
class Section:
    """A section to show: its code, its numbers as (name, value), and its text."""

    code: str
    numbers: list[tuple[str, int | bool]]
    text: str


def show(visit: Visit) -> Response:
    """The form while it is owed, by the factory; what was submitted, for everybody, afterwards."""
    report = visit.services.remediation.report(visit.path("assessment"))
    return visit.show(
        "progress_report/page.html",
        report=report,
        id=visit.path("assessment"),
        factory=subject(visit, report.factory.removeprefix("factories/")),
        at=state(report),
        kinds=KINDS,
        sections=sections(report.content),
        writes=visit.is_a(*FACTORY) and not report.HasField("submit_time"),
        zone=visit.zone_of(report.country),
        tool=visit.tool(report.country),
        line_kinds=LINE_KINDS,
        flag=FLAG,
    )


def sections(content: ProgressReportContent) -> list[Section]:
    """The content by section; empty ones for a report that is not submitted."""
    texts = {code_of(one, "section"): one.text for one in content.texts}
    return [
        Section(code, [(name, getattr(content, name)) for name in names], texts.get(code, ""))
        for code, names in SECTIONS.items()
    ]


def submit(visit: Visit) -> Response:
    """Submit it, or show the form again with what is wrong."""
    key = visit.path("assessment")
    request = SubmitProgressReportRequest(
        name=f"assessments/{key}/progressReport",
        content=_content(visit),
        etag=visit.form.text("etag"),
        request_id=visit.form.request_id,
    )
    if not visit.form.wrong and visit.do(FIELDS, lambda: visit.services.remediation.submit_report(request)):
        return visit.go(f"/progress-reports/{key}", done="submitted")
    return show(visit)


def _content(visit: Visit) -> ProgressReportContent:
    texts = [
        ProgressReportText(section=ProgressReportSection.ValueType(number(ProgressReportSection, code)), text=text)
        for code in codes(ProgressReportSection)
        if (text := visit.form.text(f"text_{code}"))
    ]
    numbers = {name: visit.whole(name) for name in NUMBERS}
    return ProgressReportContent(**numbers, collective_agreement=visit.form.text(FLAG) == "yes", texts=texts)


PAGE = Page(
    "progress_report",
    (get("/progress-reports/{assessment}", show), post("/progress-reports/{assessment}/submit", submit)),
    roles=REMEDIATION_READERS,
)
