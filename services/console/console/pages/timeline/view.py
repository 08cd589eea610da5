"""The history of one factory, across all services: filtered by kind and days, and to be taken away."""

from collections.abc import Sequence

from starlette.responses import Response

from amplify.programme.v1.timeline_pb2 import TimelineEntry
from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesResponse
from console import times
from console.lists import Column, Listing, get_csv
from console.page import Page, Tab, get
from console.pages.timeline.events import EVENTS, full_name
from console.pages.timeline.story import sentence, story
from console.subject import subject
from console.visit import Visit

FILTERS = ("kind", "from", "until")


def show(visit: Visit) -> Response:
    """A page of the history; only the steps when htmx asks."""
    factory = subject(visit)
    timeline = visit.part(lambda: found(visit, visit.query.get("page", ""), 50), "timeline")
    template = "timeline/_results.html" if visit.partial else "timeline/page.html"
    return visit.show(
        template,
        factory=factory,
        timeline=timeline,
        zone=visit.zone_of(factory.country),
        asked=visit.asked(*FILTERS),
        kinds=_kinds(visit),
        story=story,
    )


def found(visit: Visit, page: str, size: int) -> ListTimelineEntriesResponse:
    """A page of the steps that the address asks for: `kind` is a service, or the full name of a fact."""
    key, asked = visit.path("factory"), visit.asked(*FILTERS)
    zone = visit.zone_of(key.partition("-")[0].upper())
    first, last = times.chosen_day(asked["from"]), times.chosen_day(asked["until"])
    known = {name for _, events in _kinds(visit) for name, _ in events}
    return visit.services.programme.timeline(
        key,
        services=[asked["kind"]] if asked["kind"] in EVENTS else (),
        events=[asked["kind"]] if asked["kind"] in known else (),
        start=times.start_of(first, zone) if first else None,
        end=times.end_of(last, zone) if last else None,
        page=page,
        size=size,
    )


def _kinds(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be chosen: (service, [(full name of a fact, what it says)])."""
    return [
        (service, [(full_name(service, event), sentence(visit, event)) for event in events if event != "PlanStep"])
        for service, events in EVENTS.items()
    ]


def _rows(visit: Visit, page: str, size: int) -> tuple[Sequence[TimelineEntry], str]:
    page_found = found(visit, page, size)
    return page_found.timeline_entries, page_found.next_page_token


def _service(visit: Visit, entry: TimelineEntry) -> str:
    name = entry.event.split(".")[1].replace("_", "-")
    return visit.say(f"kit.service_{name}") if name in EVENTS else name


def _details(_: Visit, entry: TimelineEntry) -> str:
    return "; ".join(f"{name}={value}" for name, value in sorted(entry.details.items()) if value)


LISTING: Listing[TimelineEntry] = Listing(
    "history",
    _rows,
    (
        Column("timeline.when", lambda _, entry: entry.happen_time),
        Column("timeline.service", _service),
        Column("timeline.kind", lambda visit, entry: story(visit, [entry], visit.zone)[0].sentence),
        Column("timeline.subject", lambda _, entry: entry.subject),
        Column(
            "timeline.details", lambda _, entry: "; ".join(f"{k}={v}" for k, v in sorted(entry.details.items()) if v)
        ),
    ),
)

PAGE = Page(
    "timeline",
    (
        get("/factories/{factory}/timeline", show),
        get_csv("/factories/{factory}/timeline.csv", LISTING),
    ),
    tab=Tab("/factories/{factory}/timeline", 90),
)
