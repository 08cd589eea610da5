"""One timeline for each factory, out of the facts of all services: codes, ids, numbers and times, never free text.

Rows are ordered by (time of the fact, id). What is not for everybody who may see the factory stands in a circle.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.consumer import Consumer
from chassis.database import Row
from chassis.errors import Invalid
from chassis.identity import Identity
from chassis.paging import Page
from programme import access, paged
from programme.paged import Paging
from programme.read_models import timeline_lag as lag
from programme.read_models.timeline_rows import timeline
from programme.read_models.timeline_steps import KINDS, PROJECTIONS
from programme.storage import factories, organisations

ORDER = (("at", -1), ("_id", -1))
NAMED = {"organisation_id": "organisation", "financier_id": "financier"}
"""Details that are ids of organisations, and the details under which their names are shown beside them."""

CONSUMER = Consumer(
    "timeline",
    [
        "programme-factories",
        "programme-consents",
        "assessment-assessments",
        "assessment-improvement-plans",
        "assessment-progress-reports",
        "assessment-advisory-visits",
        "assessment-committees",
        "training-sessions",
        "training-recommendations",
        "finance-linkage-eligibility",
        "finance-linkage-environment",
        "finance-linkage-referrals",
        "notifications-messages",
    ],
    projections=PROJECTIONS,
    view=timeline,
)


@dataclass(frozen=True)
class Steps:
    """Which steps of a timeline are wanted; what is empty or None does not restrict. `until` is exclusive."""

    services: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> Row:
        """The condition for the database. Raises Invalid for a service or a kind of step that no timeline has."""
        kinds = self._kinds()
        query: dict[str, Any] = {"event": {"$in": sorted(kinds)}} if kinds is not None else {}
        if self.since and self.until and self.until <= self.since:
            raise Invalid.field("end_time", "must come after the start", reason="END_BEFORE_START")
        period = {"$gte": self.since, "$lt": self.until}
        if limits := {name: time for name, time in period.items() if time is not None}:
            query["at"] = limits
        return query

    def _kinds(self) -> frozenset[str] | None:
        _known("events", self.events, KINDS)
        _known("services", self.services, {service_of(kind) for kind in KINDS})
        if not self.services and not self.events:
            return None
        told = frozenset(kind for kind in KINDS if service_of(kind) in self.services) if self.services else KINDS
        return told & set(self.events) if self.events else told


def service_of(event: str) -> str:
    """The service that tells facts of this full name."""
    return event.split(".")[1].replace("_", "-")


def entries(caller: Identity, factory_id: str, steps: Steps, wanted: Paging) -> tuple[Page, int, datetime | None]:
    """A page of a factory's timeline, the latest first, how many steps there are, and since when steps may be missing.

    Raises NotFound for a factory that the caller may not know of, and Invalid for steps that cannot be asked for.
    """
    factories.read(access.visible(caller, "factory"), factory_id, {"_id": 1})
    visible = {"$and": [access.visible(caller, "timeline").query, {"circle": {"$nin": access.closed_circles(caller)}}]}
    page, total = paged.page(timeline.reads(), {"factory_id": factory_id, **steps.query(), **visible}, ORDER, wanted)
    _name_organisations(page.rows)
    return page, total, lag.stale_since(factory_id, f"{CONSUMER.name}@{timeline.generation()}")


def _name_organisations(rows: list[Row]) -> None:
    """Add names beside ids, as they are now: a row itself holds what the fact said."""
    ids = {row["details"][detail] for row in rows for detail in NAMED if detail in row["details"]}
    if not ids:
        return
    found = organisations.collection.find({"_id": {"$in": sorted(ids)}}, {"display_name": 1})
    names = {row["_id"]: row["display_name"] for row in found}
    for row in rows:
        for detail, beside in NAMED.items():
            if name := names.get(row["details"].get(detail, "")):
                row["details"][beside] = name


def _known(field: str, given: Collection[str], known: Collection[str]) -> None:
    for place, value in enumerate(given):
        if value not in known:
            raise Invalid.field(f"{field}[{place}]", "is nothing that a timeline tells", reason="UNKNOWN_VALUE")
