"""One factory: its record, consents, assessments and history, each part for itself when a service is away."""

from collections.abc import Callable
from typing import TypeVar

from starlette.responses import Response

from amplify.programme.v1.factory_pb2 import Factory
from console.clients.troubles import Refused
from console.page import ASSESSMENT_STAFF, Menu, Page, get
from console.pages.factory.history import story
from console.visit import Visit

T = TypeVar("T")

CONSENT_KEEPERS = ("factory-manager", "programme-officer", "country-manager")
"""Who may give and withdraw consent: the factory itself, or an officer with evidence."""


def show(visit: Visit) -> Response:
    """The whole page."""
    key = visit.path("factory")
    factory = visit.services.programme.factory(key)
    return visit.show("factory/page.html", factory=factory, id=key, **_parts(visit, factory))


def history(visit: Visit) -> Response:
    """The history alone, asked for again while somebody looks."""
    key = visit.path("factory")
    factory = visit.services.programme.factory(key)
    zone = visit.zone_of(factory.country)
    timeline = visit.part(lambda: visit.services.programme.timeline(key, page=visit.query.get("page", "")))
    return visit.show("factory/_history.html", timeline=timeline, zone=zone, id=key, **_readers())


def _parts(visit: Visit, factory: Factory) -> dict[str, object]:
    programme, key = visit.services.programme, factory.name.removeprefix("factories/")
    return {
        "zone": visit.zone_of(factory.country),
        "timeline": visit.part(lambda: programme.timeline(key, page=visit.query.get("page", ""))),
        "grants": visit.part(lambda: allowed(lambda: programme.grants(key))),
        "organisations": organisation_names(visit),
        "assessments": visit.part(lambda: allowed(lambda: visit.services.assessment.of_factory(key))),
        "may_consent": visit.is_a(*CONSENT_KEEPERS),
        **_readers(),
    }


def _readers() -> dict[str, object]:
    """How the history is told, and to whom what it names is open."""
    return {
        "story": story,
        "assessment_readers": ASSESSMENT_STAFF,
        "report_readers": ASSESSMENT_STAFF | {"factory-manager"},
    }


def organisation_names(visit: Visit) -> dict[str, str]:
    """Names of partner organisations by resource name; empty while they cannot be had."""
    found = visit.part(lambda: allowed(visit.services.programme.organisations))
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
    menu=Menu("building-factory-2", "/factories/{factory}", 20, roles=frozenset({"factory-manager"})),
)
