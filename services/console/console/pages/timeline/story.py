"""The steps of a factory's history in words and shapes."""

import re
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from babel.numbers import format_currency, get_currency_precision
from markupsafe import Markup, escape

from amplify.programme.v1.timeline_pb2 import TimelineEntry
from console import texts, times
from console.pages.timeline.events import SHAPES
from console.roles import ASSESSMENT_STAFF, COUNTRY_STAFF, FACTORY
from console.visit import Visit


@dataclass(frozen=True)
class Step:
    """One step: its latest entry, what happened in a sentence, its icon, what else is known as (name, value), and where
    to read on, as (path, words).
    """

    entry: TimelineEntry
    sentence: str
    shape: str
    details: list[tuple[str, Markup]]
    link: tuple[str, str] | None


def story(visit: Visit, entries: Iterable[TimelineEntry], zone: str) -> list[Step]:
    """Entries of the timeline for a reader, messages about one fact told together."""
    return [_step(visit, list(same), zone) for _, same in groupby(entries, key=_about)]


def _about(entry: TimelineEntry) -> tuple[str, str]:
    event = entry.event.rsplit(".", 1)[-1]
    return (event, entry.details.get("cause_event_id", "") if event == "MessageSent" else entry.name)


def _step(visit: Visit, same: list[TimelineEntry], zone: str) -> Step:
    for one in same:
        _join_money(visit, one.details)
    entry = same[0]
    event, kind = entry.event.rsplit(".", 1)[-1], entry.details.get("kind", "")
    details = [
        (visit.say(f"timeline.detail_{name}"), _together(visit, name, same, zone))
        for name in _DETAILS
        if entry.details.get(name)
    ]
    if entry.details.get("assessed"):
        rate = f"{entry.details.get('non_compliant')} / {entry.details['assessed']}"
        details.insert(0, (visit.say("report.rate"), escape(rate)))
    words = sentence(visit, f"{event}_{kind}" if kind else event, len(same))
    return Step(entry, words, SHAPES.get(event, "info-circle"), details, _link(visit, entry, event))


_OPENS = (
    (r"assessments/([^/]+)", r"/assessments/\1", ASSESSMENT_STAFF, "timeline.open_assessment"),
    (r"assessments/([^/]+)/progressReport", r"/progress-reports/\1", ASSESSMENT_STAFF | FACTORY, "timeline.open"),
    (r"(factories/[^/]+)/improvementPlan", r"/\1/plan", ASSESSMENT_STAFF | FACTORY, "timeline.open_plan"),
    (r"(factories/[^/]+)/improvementPlan/(lines/.+)", r"/\1/\2", ASSESSMENT_STAFF | FACTORY, "timeline.open"),
    (r"(factories/[^/]+/committee).*", r"/\1", ASSESSMENT_STAFF | FACTORY, "timeline.open"),
    (r"advisoryVisits/([^/]+)", r"/visits/\1", ASSESSMENT_STAFF | FACTORY, "timeline.open"),
    (r"sessions/([^/]+)", r"/sessions/\1", COUNTRY_STAFF, "timeline.open"),
    (r"referrals/([^/]+)", r"/referrals/\1", COUNTRY_STAFF | FACTORY, "timeline.open"),
)
"""Where to read on: pattern of the subject, address, to whom it is open, and the words of the link."""


def _join_money(visit: Visit, details: MutableMapping[str, str]) -> None:
    """An amount comes as minor units and currency; a reader wants one sum."""
    for name in ("amount", "approved_amount"):
        units, currency = details.get(f"{name}_minor_units", ""), details.get(f"{name}_currency_code", "")
        if units.isdecimal() and currency:
            value = Decimal(units).scaleb(-get_currency_precision(currency))
            details[name] = format_currency(value, currency, locale=visit.language.locale)


def _link(visit: Visit, entry: TimelineEntry, event: str) -> tuple[str, str] | None:
    if event == "ReportReleased" and visit.is_a(*ASSESSMENT_STAFF, *FACTORY):
        return f"/{entry.subject}/report", visit.say("timeline.open_report")
    for pattern, path, roles, words in _OPENS:
        if (match := re.fullmatch(pattern, entry.subject)) and visit.is_a(*roles):
            return match.expand(path), visit.say(words)
    return None


def _together(visit: Visit, name: str, same: list[TimelineEntry], zone: str) -> Markup:
    values = sorted({one.details[name] for one in same if one.details.get(name)})
    return Markup(", ").join(_DETAILS[name](visit, value, zone) for value in values)


def sentence(visit: Visit, event: str, count: int = 1) -> str:
    """What happened; an event this console does not know is shown by its name."""
    key = f"timeline.event_{event}"
    return visit.say(key, count=count) if texts.knows(key) else event


def _plain(_: Visit, value: str, _zone: str) -> Markup:
    return escape(value)


def _bare(_: Visit, value: str, _zone: str) -> Markup:
    return escape(value.replace("_", " ").replace("-", " ").lower())


def _moment(visit: Visit, value: str, zone: str) -> Markup:
    return times.when(datetime.fromisoformat(value), zone, visit.language)


def _day(visit: Visit, value: str, _zone: str) -> Markup:
    return times.day(date.fromisoformat(value), visit.language)


def _days(visit: Visit, value: str, zone: str) -> Markup:
    return Markup(", ").join(_day(visit, one, zone) for one in value.split(","))


def _event(visit: Visit, value: str, _zone: str) -> Markup:
    return escape(sentence(visit, value.rsplit(".", 1)[-1]))


def _cluster(visit: Visit, value: str, _zone: str) -> Markup:
    # Clusters and points are the same everywhere: the words of any country will do.
    return escape(visit.tool(visit.home).cluster(value, visit.language).text)


def _point(visit: Visit, value: str, _zone: str) -> Markup:
    return escape(visit.tool(visit.home).point("", value, visit.language).text)


def _code(*families: str) -> Callable[[Visit, str, str], Markup]:
    def read(visit: Visit, value: str, _zone: str) -> Markup:
        keys = [f"{family}_{value}".lower() for family in families]
        known = next((key for key in keys if texts.knows(key)), "")
        return escape(visit.say(known)) if known else _bare(visit, value, "")

    return read


_DETAILS: dict[str, Callable[[Visit, str, str], Markup]] = {
    "cause_event": _event,
    "audience": _code("timeline.audience"),
    "escalation_audience": _code("timeline.audience"),
    "channel": _code("timeline.channel"),
    "organisation": _plain,
    "scope": _code("consent.scope"),
    "purpose": _code("consent.purpose"),
    "expire_time": _moment,
    "reason": _code(
        "factory.value_reason",
        "assessment.return",
        "lines.rejection",
        "advisory_visit.cancel",
        "timeline.failure",
    ),
    "source": _code("lines.source"),
    "cluster": _cluster,
    "point": _point,
    "grade": _code("lines.grade"),
    "mode": _code("visits.mode"),
    "course_id": _bare,
    "first_day": _day,
    "last_day": _day,
    "days": _days,
    "day": _day,
    "former_day": _day,
    "former_days": _days,
    "planned_day": _day,
    "visit_day": _day,
    "formed_day": _day,
    "election_day": _day,
    "meeting_day": _day,
    "questions_answered": _plain,
    "days_left": _plain,
    "due_day": _day,
    "release_due_time": _moment,
    "product_id": _bare,
    "from_tier": _plain,
    "to_tier": _plain,
    "year": _plain,
    "amount": _plain,
    "approved_amount": _plain,
    "signed_on": _day,
    "paid_on": _day,
    "waiting_for": _bare,
}
"""What is shown of a step's details, in this order, and how each is read."""
