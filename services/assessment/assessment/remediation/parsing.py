"""Requests of remediation as values of the domain. Raises Invalid where the contract cannot say what is wrong."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from google.type.date_pb2 import Date

from amplify.assessment.v1 import advisory_visit_pb2, committee_pb2, progress_report_pb2
from assessment.domain.committee_terms import Counts
from assessment.domain.progress_report import Content, Section
from assessment.domain.visit_terms import MetRole, PeopleMet, Topic
from assessment.enums import to_domain
from assessment.parsing import id_of, parse_day
from assessment.remediation.queries import Wanted
from chassis.errors import Invalid


def line_of(name: str) -> tuple[str, str]:
    """Factory id and line id in `factories/{factory}/improvementPlan/lines/{line}`."""
    parts = name.split("/")
    return parts[1], parts[4]


def parse_topics(topics: Iterable[advisory_visit_pb2.VisitTopic]) -> tuple[Topic, ...]:
    """Compliance points, in the order given."""
    return tuple(Topic(one.cluster, one.point) for one in topics)


def parse_people(people: Iterable[advisory_visit_pb2.PeopleMet]) -> tuple[PeopleMet, ...]:
    """People met, by role and sex."""
    return tuple(PeopleMet(to_domain(MetRole, one.role), one.women, one.men) for one in people)


def parse_counts(counts: committee_pb2.CommitteeCounts) -> Counts:
    """People by side and sex."""
    return Counts(counts.management_women, counts.management_men, counts.worker_women, counts.worker_men)


def parse_content(content: progress_report_pb2.ProgressReportContent) -> Content:
    """What a factory reports. Raises Invalid for a section that has two texts."""
    texts: dict[Section, str] = {}
    for index, one in enumerate(content.texts):
        section = to_domain(Section, one.section)
        if section in texts:
            raise Invalid.field(f"content.texts[{index}].section", "has a text already")
        texts[section] = one.text
    return Content(
        content.women,
        content.men,
        content.complaints_received,
        content.complaints_settled,
        content.collective_agreement,
        content.policies_revised,
        content.own_sessions,
        content.women_trained,
        content.men_trained,
        content.committee_meetings,
        content.advisory_visits,
        content.public_issues_repaired,
        texts,
    )


def parse_wanted(request: Any) -> Wanted:
    """The conditions that a list request carries, among those that lists of remediation take."""
    names = request.DESCRIPTOR.fields_by_name
    factory = request.factory if "factory" in names else ""
    due_before = request.due_before if "due_before" in names and request.HasField("due_before") else None
    return Wanted(
        factory_id=id_of(factory) if factory else "",
        country=request.country,
        due_before=_day(due_before),
        overdue=request.overdue if "overdue" in names else False,
        page_size=request.page_size,
        page_token=request.page_token,
    )


def _day(day: Date | None) -> date | None:
    return None if day is None else parse_day(day, "due_before")
