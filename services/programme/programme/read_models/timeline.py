"""One timeline for each factory, out of the facts of all services: codes, ids, numbers and times, never free text.

Every fact adds rows of its own under its own id and looks at nothing else, so any interleaving of the streams, and
any number of deliveries, gives the same content. Rows are ordered by (time of the fact, id).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message as Proto
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from pymongo import ASCENDING, DESCENDING, IndexModel

from amplify.assessment.v1 import assessment_events_pb2 as assessment
from amplify.assessment.v1 import assessment_pb2
from amplify.notifications.v1 import message_events_pb2 as notifications
from amplify.programme.v1 import programme_events_pb2 as events
from chassis.consumer import Consumer, Message
from chassis.database import Row, db
from chassis.identity import Identity
from chassis.paging import Page
from chassis.view import View
from programme import access, paged
from programme.paged import Paging
from programme.storage import factories

timeline = View(
    "timeline",
    [IndexModel([("factory_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="factory")],
)
ORDER = (("at", -1), ("_id", -1))
RECENT = 50

Handler = Callable[[Any, Message], None]


def step(subject: str, *names: str) -> Handler:
    """A handler that adds one row: `subject` is a pattern of the fact's fields, `names` the fields to show."""

    def on_fact(fact: Any, message: Message) -> None:
        if fact.factory_id:
            about = subject.format(fact=fact)
            _add(message.event_id, fact.DESCRIPTOR.full_name, message.time, about, details(fact, names), fact, message)

    return on_fact


def on_assessment_started(fact: assessment.AssessmentStarted, message: Message) -> None:
    """The visit is no secret any more: its plan's history appears, each step at the time at which it happened."""
    step("assessments/{fact.assessment_id}", "questionnaire_id", "bank_version", "release_due_time")(fact, message)
    about = f"assessments/{fact.assessment_id}"
    for number, planned in enumerate(fact.plan_history, start=1):
        kind = assessment_pb2.PlanChangeKind.Name(planned.kind).removeprefix("PLAN_CHANGE_KIND_")
        shown = {"kind": kind} | details(planned, ("first_day", "last_day"))
        time = planned.change_time.ToDatetime(UTC)
        row_id = f"{message.event_id}-{number}"
        _add(row_id, planned.DESCRIPTOR.full_name, time, about, shown, fact, message, actor=planned.actor)


def on_report_released(fact: assessment.ReportReleased, message: Message) -> None:
    """The report is out: its counts, never its findings."""
    counts = {"non_compliant": str(fact.overall.non_compliant), "assessed": str(fact.overall.assessed)}
    shown = counts | details(fact, ("bank_version", "release_due_time", "last_on_site_day"))
    about = f"assessments/{fact.assessment_id}"
    _add(message.event_id, fact.DESCRIPTOR.full_name, message.time, about, shown, fact, message)


_FACTORY = "factories/{fact.factory_id}"
_GRANT = "consentGrants/{fact.grant_id}"
_ASSESSMENT = "assessments/{fact.assessment_id}"
_MESSAGE = "messages/{fact.message_id}"

PROJECTIONS: Mapping[type[Proto], Handler] = {
    events.FactoryEnrolled: step(_FACTORY),
    events.FactoryUpdated: step(_FACTORY, "changed"),
    events.FactorySuspended: step(_FACTORY, "reason"),
    events.FactoryReinstated: step(_FACTORY),
    events.FactoryClosed: step(_FACTORY, "reason"),
    events.ConsentGranted: step(_GRANT, "organisation_id", "scope", "start_time", "expire_time"),
    events.ConsentExpired: step(_GRANT, "organisation_id", "scope"),
    events.ConsentWithdrawn: step(_GRANT, "organisation_id", "scope"),
    assessment.AssessmentStarted: on_assessment_started,
    assessment.AssessmentSubmitted: step(_ASSESSMENT, "round", "questions_answered", "release_due_time"),
    assessment.AssessmentReturned: step(_ASSESSMENT, "reason"),
    assessment.ReportReleased: on_report_released,
    assessment.ReleaseReminderDue: step(_ASSESSMENT, "days_left", "due_day"),
    assessment.ReleaseOverdue: step(_ASSESSMENT, "due_day"),
    notifications.MessageSent: step(_MESSAGE, "rule", "channel", "audience", "cause_event", "cause_event_id"),
    notifications.MessageFailed: step(
        _MESSAGE, "rule", "channel", "audience", "cause_event", "cause_event_id", "reason", "attempts"
    ),
}

CONSUMER = Consumer(
    "timeline",
    ["programme-factories", "programme-consents", "assessment-assessments", "notifications-messages"],
    projections=PROJECTIONS,
    view=timeline,
)


def details(fact: Proto, names: tuple[str, ...]) -> dict[str, str]:
    """Fields of a fact as text: enumerations by name without prefix, times and days as ISO, lists with commas."""
    return {name: _text(fact, name) for name in names}


def entries(caller: Identity, factory_id: str, wanted: Paging) -> tuple[Page, int, datetime | None]:
    """A page of a factory's timeline, the latest first, how many steps there are, and since when it is stale.

    Raises NotFound for a factory that the caller may not know of.
    """
    factories.read(access.visible(caller, "factory"), factory_id, {"_id": 1})
    query = {"$and": [{"factory_id": factory_id}, access.visible(caller, "timeline").query]}
    page, total = paged.page(timeline.reads(), query, ORDER, wanted)
    return page, total, stale_since(factory_id)


def stale_since(factory_id: str) -> datetime | None:
    """When the earliest fact was recorded that is known here and not in the timeline yet; None when there is none.

    Facts of this factory that the relay or the consumer still has before it, and facts that are parked.
    """
    recent = list(
        db().facts.find({"key": factory_id, "stream": {"$exists": True}}, {"event_id": 1, "recorded_at": 1})
        .sort("order", -1).limit(RECENT)
    )  # fmt: skip
    shown = set(timeline.reads().distinct("_id", {"_id": {"$in": [fact["event_id"] for fact in recent]}}))
    waiting = [fact["recorded_at"] for fact in recent if fact["event_id"] not in shown]
    consumer = f"{CONSUMER.name}@{timeline.live()}"
    parked = db().parked.find_one({"consumer": consumer, "recorded_at": {"$exists": True}}, sort=[("recorded_at", 1)])
    return min([*waiting, *([parked["recorded_at"]] if parked else [])], default=None)


def _add(
    row_id: str,
    event: str,
    at: datetime,
    subject: str,
    shown: Mapping[str, str],
    fact: Any,
    message: Message,
    *,
    actor: str | None = None,
) -> None:
    row: Row = {
        "factory_id": fact.factory_id,
        "country": fact.country,
        "organisation_id": shown.get("organisation_id", ""),
        "event": event,
        "event_id": message.event_id,
        "at": at,
        "actor": message.envelope.actor if actor is None else actor,
        "subject": subject,
        "details": dict(shown),
        "trace_id": _trace_id(message.envelope.traceparent),
    }
    timeline.writes().replace_one({"_id": row_id}, row, upsert=True)


def _trace_id(traceparent: str) -> str:
    """The second part of a W3C traceparent."""
    return traceparent.split("-")[1] if traceparent.count("-") == 3 else ""


def _text(fact: Proto, name: str) -> str:
    field = fact.DESCRIPTOR.fields_by_name[name]
    value = getattr(fact, name)
    if isinstance(value, Timestamp):
        return value.ToJsonString()
    if isinstance(value, Date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if field.enum_type is not None:
        zero = field.enum_type.values_by_number[0].name
        return str(field.enum_type.values_by_number[value].name).removeprefix(zero.removesuffix("UNSPECIFIED"))
    return str(value) if isinstance(value, str | int) else ",".join(value)
