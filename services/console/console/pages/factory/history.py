"""The steps of a factory's history in words and shapes."""

from dataclasses import dataclass

from amplify.programme.v1.timeline_pb2 import TimelineEntry
from console import texts
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
    """One step: what happened in a sentence, its icon, and what else is known as (name, value) in words."""

    sentence: str
    shape: str
    details: list[tuple[str, str]]


def story(visit: Visit, entry: TimelineEntry) -> Step:
    """An entry of the timeline for a reader. An event this console does not know is shown by its name."""
    event = entry.event.rsplit(".", 1)[-1]
    key = f"factory.event_{event}"
    sentence = visit.say(key) if texts.knows(key) else event
    details = [_detail(visit, name, value) for name, value in sorted(entry.details.items()) if value]
    return Step(sentence, _SHAPES.get(event, "info-circle"), [one for one in details if one[0]])


def _detail(visit: Visit, name: str, value: str) -> tuple[str, str]:
    label = f"factory.detail_{name}"
    word = f"factory.value_{name}_{value}".lower()
    shown = visit.say(word) if texts.knows(word) else value
    return (visit.say(label) if texts.knows(label) else "", shown)
