"""The steps of a factory's history in words and shapes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from markupsafe import Markup, escape

from amplify.programme.v1.timeline_pb2 import TimelineEntry
from console import texts, times
from console.visit import Visit

_SHAPES = {
    "FactoryEnrolled": "building-factory-2",
    "FactoryUpdated": "edit",
    "FactorySuspended": "player-pause",
    "FactoryReinstated": "player-play",
    "FactoryClosed": "circle-x",
    "ConsentGranted": "share",
    "ConsentExpired": "clock",
    "ConsentWithdrawn": "lock",
    "PlanStep": "calendar-event",
    "AssessmentStarted": "clipboard-check",
    "AssessmentSubmitted": "send",
    "AssessmentReturned": "arrow-back-up",
    "ReportReleased": "report-analytics",
    "ReleaseReminderDue": "bell",
    "ReleaseOverdue": "alert-triangle",
    "MessageSent": "mail",
    "MessageFailed": "alert-triangle",
}


@dataclass(frozen=True)
class Step:
    """One step: its latest entry, what happened in a sentence, its icon, and what else is known as (name, value)."""

    entry: TimelineEntry
    sentence: str
    shape: str
    details: list[tuple[str, Markup]]


def story(visit: Visit, entries: Iterable[TimelineEntry], zone: str) -> list[Step]:
    """Entries of the timeline for a reader, messages about one fact told together."""
    return [_step(visit, list(same), zone) for _, same in groupby(entries, key=_about)]


def _about(entry: TimelineEntry) -> tuple[str, str]:
    event = entry.event.rsplit(".", 1)[-1]
    return (event, entry.details.get("cause_event_id", "") if event == "MessageSent" else entry.name)


def _step(visit: Visit, same: list[TimelineEntry], zone: str) -> Step:
    entry = same[0]
    event, kind = entry.event.rsplit(".", 1)[-1], entry.details.get("kind", "")
    details = [
        (visit.say(f"factory.detail_{name}"), _together(visit, name, same, zone))
        for name in _DETAILS
        if entry.details.get(name)
    ]
    if entry.details.get("assessed"):
        rate = f"{entry.details.get('non_compliant')} / {entry.details['assessed']}"
        details.insert(0, (visit.say("report.rate"), escape(rate)))
    sentence = _sentence(visit, f"{event}_{kind}" if kind else event, len(same))
    return Step(entry, sentence, _SHAPES.get(event, "info-circle"), details)


def _together(visit: Visit, name: str, same: list[TimelineEntry], zone: str) -> Markup:
    values = sorted({one.details[name] for one in same if one.details.get(name)})
    return Markup(", ").join(_DETAILS[name](visit, value, zone) for value in values)


def _sentence(visit: Visit, event: str, count: int = 1) -> str:
    """What happened; an event this console does not know is shown by its name."""
    key = f"factory.event_{event}"
    return visit.say(key, count=count) if texts.knows(key) else event


def _plain(_: Visit, value: str, _zone: str) -> Markup:
    return escape(value)


def _moment(visit: Visit, value: str, zone: str) -> Markup:
    return times.when(datetime.fromisoformat(value), zone, visit.language)


def _day(visit: Visit, value: str, _zone: str) -> Markup:
    return times.day(date.fromisoformat(value), visit.language)


def _event(visit: Visit, value: str, _zone: str) -> Markup:
    return escape(_sentence(visit, value.rsplit(".", 1)[-1]))


def _code(*families: str) -> Callable[[Visit, str, str], Markup]:
    def read(visit: Visit, value: str, _zone: str) -> Markup:
        keys = [f"{family}_{value}".lower() for family in families]
        known = next((key for key in keys if texts.knows(key)), "")
        return escape(visit.say(known) if known else value.replace("_", " ").replace("-", " ").lower())

    return read


_DETAILS: dict[str, Callable[[Visit, str, str], Markup]] = {
    "cause_event": _event,
    "audience": _code("factory.audience"),
    "channel": _code("factory.channel"),
    "organisation_id": _plain,
    "scope": _code("consent.scope"),
    "expire_time": _moment,
    "reason": _code("factory.value_reason", "assessment.return"),
    "first_day": _day,
    "last_day": _day,
    "questions_answered": _plain,
    "days_left": _plain,
    "due_day": _day,
    "release_due_time": _moment,
}
"""What is shown of a step's details, in this order, and how each is read."""
