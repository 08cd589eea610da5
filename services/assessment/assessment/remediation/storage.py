"""How remediation is kept: the plan as a root, its lines one document each, and the other aggregates whole."""

from collections.abc import Iterable
from typing import Any

import mongoengine as me

from assessment.contracts import ROUTES
from assessment.domain.advisory_visit import AdvisoryVisit
from assessment.domain.committee import Committee
from assessment.domain.improvement_line import ImprovementLine
from assessment.domain.improvement_plan import ImprovementPlan
from assessment.domain.progress_report import ProgressReport
from chassis.access import EVERYTHING, Filter
from chassis.errors import NotFound
from chassis.repository import Repository, RootDocument
from chassis.unit_of_work import current

SOURCE = "assessment"
COUNTRY = "^[A-Z]{2}$"


class ImprovementPlanDocument(RootDocument):
    """The root of a factory's plan; its id is the factory's."""

    country = me.StringField(required=True, regex=COUNTRY)
    time_zone = me.StringField(required=True)
    opened_at = me.DateTimeField(required=True)
    assessment_id = me.StringField()
    seen_until = me.DateTimeField()
    released_at = me.DateTimeField()
    meta = {"collection": "improvement_plans", "indexes": [("country", "_id")]}  # noqa: RUF012


class ImprovementLineDocument(RootDocument):
    """One line, a part of its factory's plan: `version` guards it, and it has no facts of its own.

    Lists are sorted by due time; what waits is counted from the indexes that begin with a place and a state alone.
    """

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex=COUNTRY)
    source = me.StringField(required=True)
    cluster = me.StringField(required=True)
    point = me.StringField(required=True)
    question_id = me.StringField()
    issue = me.StringField()
    state = me.StringField(required=True)
    opened_at = me.DateTimeField(required=True)
    since = me.DateTimeField(required=True)
    plan = me.DictField()
    due_at = me.DateTimeField(required=True)
    proof = me.DictField()
    rejection = me.StringField()
    verifier = me.StringField()
    closed_at = me.DateTimeField()
    assessment_id = me.StringField()
    confirmed = me.BooleanField()
    reopened_count = me.IntField(min_value=0)
    overdue_day = me.StringField()
    history = me.ListField(me.DictField())
    meta = {  # noqa: RUF012
        "collection": "improvement_lines",
        "indexes": [
            ("country", "due_at", "_id"),
            ("factory_id", "due_at", "_id"),
            ("country", "state", "due_at", "_id", "since"),
            ("factory_id", "state", "due_at", "_id", "since"),
        ],
    }


class ProgressReportDocument(RootDocument):
    """One progress report; its id is the assessment's."""

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex=COUNTRY)
    time_zone = me.StringField(required=True)
    opened_at = me.DateTimeField(required=True)
    due_day = me.StringField(required=True)
    due_at = me.DateTimeField(required=True)
    state = me.StringField(required=True)
    submitted_at = me.DateTimeField()
    submitter = me.StringField()
    content = me.DictField()
    lines = me.ListField(me.DictField())
    meta = {  # noqa: RUF012
        "collection": "progress_reports",
        "indexes": [
            ("country", "due_at", "_id"),
            ("factory_id", "due_at", "_id"),
            ("country", "state", "due_at", "_id"),
        ],
    }


class AdvisoryVisitDocument(RootDocument):
    """One advisory visit."""

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex=COUNTRY)
    time_zone = me.StringField(required=True)
    advisor = me.StringField(required=True)
    planned_day = me.StringField(required=True)
    due_at = me.DateTimeField(required=True)
    mode = me.StringField(required=True)
    topics = me.ListField(me.DictField())
    planned_at = me.DateTimeField(required=True)
    state = me.StringField(required=True)
    visit_day = me.StringField()
    line_ids = me.ListField(me.StringField())
    people_met = me.ListField(me.DictField())
    note = me.StringField()
    logged_at = me.DateTimeField()
    cancel_reason = me.StringField()
    meta = {  # noqa: RUF012
        "collection": "advisory_visits",
        "indexes": [
            ("country", "-planned_day", "_id"),
            ("factory_id", "-planned_day", "_id"),
            ("country", "state", "due_at", "_id"),
        ],
    }


class CommitteeDocument(RootDocument):
    """One committee; its id is the factory's."""

    country = me.StringField(required=True, regex=COUNTRY)
    time_zone = me.StringField(required=True)
    formed_day = me.StringField(required=True)
    members = me.DictField(required=True)
    formed_at = me.DateTimeField(required=True)
    elections = me.ListField(me.DictField())
    meetings = me.ListField(me.DictField())
    meta = {"collection": "committees", "indexes": [("country", "_id")]}  # noqa: RUF012


DOCUMENTS = (
    ImprovementPlanDocument,
    ImprovementLineDocument,
    ProgressReportDocument,
    AdvisoryVisitDocument,
    CommitteeDocument,
)

plans = Repository(ImprovementPlan, ImprovementPlanDocument, ROUTES, source=SOURCE, lazy=("lines",))
lines = Repository(ImprovementLine, ImprovementLineDocument, ROUTES, source=SOURCE)
progress_reports = Repository(ProgressReport, ProgressReportDocument, ROUTES, source=SOURCE)
advisory_visits = Repository(AdvisoryVisit, AdvisoryVisitDocument, ROUTES, source=SOURCE)
committees = Repository(Committee, CommitteeDocument, ROUTES, source=SOURCE)


def load_line(visible: Filter, factory_id: str, line_id: str, *, etag: str = "") -> ImprovementPlan:
    """The plan of a factory with one of its lines; `etag` is the line's. Raises NotFound or Aborted."""
    line = lines.get(visible, line_id, etag=etag)
    if line.factory_id != factory_id:
        raise NotFound("There is no such resource.")
    plan = plans.get(EVERYTHING, factory_id)
    plan.lines = {line_id: line}
    return plan


def load_plan(factory_id: str, line_ids: Iterable[str] = ()) -> ImprovementPlan | None:
    """The plan of a factory with those of the lines that are there, for the service's own work; None without one."""
    try:
        plan = plans.get(EVERYTHING, factory_id)
    except NotFound:
        return None
    plan.lines = {line.id: line for line in lines.get_many(EVERYTHING, line_ids)}
    return plan


def save_plan(plan: ImprovementPlan) -> None:
    """Write the plan with its facts, and those of the lines at hand that changed or are new."""
    known = current().loaded
    for line in plan.lines.values():
        if (lines.collection.name, line.id) in known:
            lines.save(line)
        else:
            lines.add(line)
    if (plans.collection.name, plan.id) in known:
        plans.save(plan)
    else:
        plans.add(plan)


def etag_of(kept: Repository[Any], id: str) -> str:
    """The etag of an aggregate, or a line, that this unit of work has loaded or saved."""
    return kept.etag(current().loaded[kept.collection.name, id])


def known_lines(factory_id: str, line_ids: Iterable[str]) -> frozenset[str]:
    """Which of these ids are lines of the factory's plan."""
    found = lines.collection.find({"_id": {"$in": list(line_ids)}, "factory_id": factory_id}, {"_id": 1})
    return frozenset(row["_id"] for row in found)


def lines_of(factory_id: str) -> list[ImprovementLine]:
    """Every line of a factory's plan, for the service's own work, those due first at the top."""
    rows = lines.collection.find({"factory_id": factory_id}).sort([("due_at", 1), ("_id", 1)])
    return [lines.revive(row) for row in rows]
