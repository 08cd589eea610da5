"""One factory at a glance: record, consents, assessments and latest steps, each part for itself."""

from collections.abc import Callable
from typing import TypeVar

from starlette.responses import Response

from console.clients.troubles import Refused
from console.page import Menu, Page, Tab, get
from console.pages.timeline.story import story
from console.roles import COUNTRY_STAFF, FACTORY
from console.subject import Subject, subject
from console.visit import Visit

T = TypeVar("T")

CONSENT_KEEPERS = ("factory-manager", "programme-officer", "country-manager")
"""Who may give and withdraw consent: the factory itself, or an officer with evidence."""
LATEST = 15
AT_A_GLANCE = ("programme", "assessment", "training", "finance-linkage")
"""Whose steps are shown here; each comes with several messages, which the whole history shows."""


def show(visit: Visit) -> Response:
    """The whole page."""
    factory = subject(visit)
    return visit.show("factory/page.html", factory=factory, **_parts(visit, factory))


def history(visit: Visit) -> Response:
    """The latest steps alone, asked for again while somebody looks."""
    factory = subject(visit)
    return visit.show("timeline/_story.html", factory=factory, **_history(visit, factory))


def _parts(visit: Visit, factory: Subject) -> dict[str, object]:
    programme, key = visit.services.programme, factory.id
    return {
        "grants": visit.part(lambda: allowed(lambda: programme.grants(key)), "grants"),
        "organisations": organisation_names(visit),
        "assessments": visit.part(lambda: allowed(lambda: visit.services.assessment.of_factory(key)), "assessments"),
        "knows_consents": visit.is_a(*COUNTRY_STAFF, *FACTORY),
        **_history(visit, factory),
    }


def _history(visit: Visit, factory: Subject) -> dict[str, object]:
    timeline = visit.part(
        lambda: visit.services.programme.timeline(factory.id, services=AT_A_GLANCE, size=LATEST), "timeline"
    )
    return {"timeline": timeline, "zone": visit.zone_of(factory.country), "story": story}


def organisation_names(visit: Visit) -> dict[str, str]:
    """Names of partner organisations by resource name; empty while they cannot be had."""
    found = visit.part(lambda: allowed(visit.services.programme.organisations), "organisations", everywhere=True)
    return {one.name: one.display_name for one in found.value or ()}


def allowed(read: Callable[[], list[T]]) -> list[T]:
    """What the person may see of a list; nothing, where the role may not read it at all."""
    try:
        return read()
    except Refused as refusal:
        if refusal.code.name in {"PERMISSION_DENIED", "NOT_FOUND"}:
            return []
        raise


PAGE = Page(
    "factory",
    (get("/factories/{factory}", show), get("/factories/{factory}/history", history, twin=False)),
    menu=Menu("building-factory-2", "/factories/{factory}", 20, roles=FACTORY),
    tab=Tab("/factories/{factory}", 10),
)
