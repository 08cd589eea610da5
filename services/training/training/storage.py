"""How courses, sessions and recommendations are kept: schema, indexes and repositories; and the tables beside them."""

from typing import Any

import mongoengine as me
from pymongo import ASCENDING, DESCENDING, IndexModel

from chassis.database import db, ensure_collection
from chassis.repository import Repository, RootDocument
from chassis.unit_of_work import current
from training.contracts import ROUTES
from training.domain.course import Course
from training.domain.recommendation import Recommendation, RecommendationState
from training.domain.session import Session, SessionState

SOURCE = "training"


class CourseDocument(RootDocument):
    """One course."""

    definition = me.DictField(required=True)
    revised_at = me.DateTimeField(required=True)
    meta = {"collection": "courses", "indexes": ["definition.points.point"]}  # noqa: RUF012 - mongoengine reads it so


class SessionDocument(RootDocument):
    """One session without its people. Days are kept as text such as 2026-01-31, which sorts as days do."""

    terms = me.DictField(required=True)
    plan = me.DictField(required=True)
    scheduled_at = me.DateTimeField(required=True)
    first_day = me.StringField(required=True)
    last_day = me.StringField(required=True)
    factory_ids = me.ListField(me.StringField())
    state = me.StringField(required=True, choices=[state.value for state in SessionState])
    cancel_reason = me.StringField()
    enrolled = me.ListField(me.DictField())
    waiting = me.IntField(required=True, min_value=0)
    waiting_since = me.DateTimeField()
    open_days = me.ListField(me.StringField())
    attended_days = me.ListField(me.StringField())
    completed_at = me.DateTimeField()
    completed = me.ListField(me.DictField())
    certificates = me.IntField(required=True, min_value=0)
    outcomes_due_on = me.StringField()
    outcomes_missing = me.IntField(required=True, min_value=0)

    meta = {  # noqa: RUF012
        "collection": "sessions",
        "indexes": [
            {"fields": ["-first_day", "_id"], "name": "latest"},
            {"fields": ["plan.country", "-first_day", "_id"], "name": "of_country"},
            {"fields": ["factory_ids", "-first_day", "_id"], "name": "of_factory"},
            {"fields": ["terms.course_id", "-first_day", "_id"], "name": "of_course"},
            {"fields": ["plan.country", "state", "last_day"], "name": "to_complete"},
            {"fields": ["plan.country", "state", "open_days"], "name": "attendance"},
            {"fields": ["plan.country", "state", "waiting_since"], "name": "waiting"},
            {"fields": ["plan.country", "outcomes_due_on", "outcomes_missing"], "name": "outcomes"},
        ],
    }


class RecommendationDocument(RootDocument):
    """One recommendation."""

    factory_id = me.StringField(required=True)
    country = me.StringField(required=True, regex="^[A-Z]{2}$")
    course_id = me.StringField(required=True)
    grounds = me.DictField(required=True)
    opened_at = me.DateTimeField(required=True)
    state = me.StringField(required=True, choices=[state.value for state in RecommendationState])
    dismiss_reason = me.StringField()
    session_id = me.StringField()
    closed_at = me.DateTimeField()

    meta = {  # noqa: RUF012
        "collection": "recommendations",
        "indexes": [
            {"fields": ["country", "-opened_at", "_id"], "name": "of_country"},
            {"fields": ["factory_id", "-opened_at", "_id"], "name": "of_factory"},
            {"fields": ["country", "state", "opened_at"], "name": "open"},
        ],
    }


DOCUMENTS = (CourseDocument, SessionDocument, RecommendationDocument)

courses = Repository(Course, CourseDocument, ROUTES, source=SOURCE)
sessions = Repository(Session, SessionDocument, ROUTES, source=SOURCE)
recommendations = Repository(Recommendation, RecommendationDocument, ROUTES, source=SOURCE)

PARTICIPANTS = "participants"
CERTIFICATES = "certificates"
REPORTS = "latest_reports"
_TABLES = {
    PARTICIPANTS: [
        IndexModel([("session_id", ASCENDING), ("sort_name", ASCENDING), ("_id", ASCENDING)], name="of_session"),
        IndexModel([("employer.factory_id", ASCENDING), ("settled_on", ASCENDING)], name="of_factory"),
        IndexModel([("country", ASCENDING), ("settled_on", ASCENDING)], name="of_country"),
    ],
    CERTIFICATES: [
        IndexModel([("session_id", ASCENDING), ("issued_at", DESCENDING), ("_id", ASCENDING)], name="of_session"),
        IndexModel([("country", ASCENDING), ("issued_at", DESCENDING), ("_id", ASCENDING)], name="of_country"),
        IndexModel([("factory_id", ASCENDING), ("issued_at", DESCENDING), ("_id", ASCENDING)], name="of_factory"),
    ],
    REPORTS: [],
}


def prepare_tables() -> None:
    """Create the tables beside the aggregates, with their indexes; safe to repeat."""
    for name, indexes in _TABLES.items():
        ensure_collection(name)
        if indexes:
            db()[name].create_indexes(indexes)


def etag_of(aggregate: Session | Recommendation) -> str:
    """The etag of an aggregate that this unit of work has loaded or saved."""
    repository: Repository[Any] = sessions if isinstance(aggregate, Session) else recommendations
    return repository.etag(current().loaded[repository.collection.name, aggregate.id])
