"""Lines of improvement plans for partners: which ones live grants open, and what is shown of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amplify.assessment.v1 import partner_pb2
from assessment.domain.improvement_line import LineState
from assessment.partners import showing
from assessment.partners.consents import Consents, Grant, Scope
from assessment.partners.reading import NO_FACTORY, open_grants, organisation_of, with_grants
from assessment.remediation.storage import lines
from chassis import access, audit, clock, paging
from chassis.database import Row
from chassis.identity import Identity

_BY_FACTORY = (("factory_id", 1), ("due_at", 1), ("_id", 1))


@dataclass(frozen=True)
class Lines:
    """One page of lines, and how many all pages have."""

    shown: list[partner_pb2.SharedImprovementLine]
    next_page_token: str
    total: int


def list_lines(
    caller: Identity,
    consents: Consents,
    *,
    factory_id: str,
    country: str,
    states: Sequence[LineState],
    paths: Sequence[str],
    page_size: int,
    page_token: str,
) -> Lines:
    """Lines that live grants open, by factory, those due first at the top. Raises Unavailable without consents.

    A filter by state leaves out factories whose grant does not open the state: it would tell what is not shown.
    """
    organisation = organisation_of(caller)
    conditions: Row = {"factory_id": factory_id} if factory_id else {}
    if country:
        conditions["country"] = country
    if states:
        conditions["state"] = {"$in": sorted(state.value for state in states)}
    mine = conditions | {"organisation": organisation}
    behind = paging.after(page_token, mine, _BY_FACTORY)
    live = consents.live(organisation, factory_id)
    grants = {
        factory: grant
        for factory, grant in open_grants(caller, live, Scope.IMPROVEMENT_PLAN, paths).items()
        if not states or showing.mask(caller, grant, ()).opens("state")
    }
    visible = access.filter(with_grants(caller, grants.values()), "SharedImprovementLine")
    limit = paging.size(page_size)
    rows = shared({"$and": [visible.query, conditions, behind]}, limit + 1)
    token = paging.token(rows[limit - 1], mine, _BY_FACTORY) if len(rows) > limit else ""
    now = clock.now()
    shown = [show(caller, row, grants[row["factory_id"]], paths, now) for row in rows[:limit]]
    audit.record(caller, "ListSharedImprovementLines", [(one.name, one.consent_grant) for one in shown])
    return Lines(shown, token, lines.count(visible, conditions))


def get_line(
    caller: Identity, consents: Consents, line_id: str, paths: Sequence[str]
) -> partner_pb2.SharedImprovementLine:
    """One line. Raises NotFound, also for one that no live grant opens, and Unavailable."""
    organisation = organisation_of(caller)
    head = lines.collection.find_one({"_id": line_id}, {"factory_id": 1})
    # As with a report: programme is asked in any case.
    live = consents.live(organisation, head["factory_id"] if head else NO_FACTORY)
    grants = open_grants(caller, live, Scope.IMPROVEMENT_PLAN, paths)
    visible = access.filter(with_grants(caller, grants.values()), "SharedImprovementLine")
    row = lines.read(visible, line_id)
    shown = show(caller, row, grants[row["factory_id"]], paths, clock.now())
    audit.record(caller, "GetSharedImprovementLine", [(shown.name, shown.consent_grant)])
    return shown


def shared(condition: Mapping[str, Any], limit: int) -> list[Row]:
    """Stored lines that meet a condition, which contains a Filter's query; by factory."""
    return list(lines.collection.find(condition).sort(list(_BY_FACTORY)).limit(limit))


def show(
    caller: Identity, row: Row, grant: Grant, paths: Sequence[str], now: datetime
) -> partner_pb2.SharedImprovementLine:
    """A stored line as this caller sees it under this grant."""
    presented = showing.line(lines.revive(row), lines.etag(row), grant, now)
    return showing.mask(caller, grant, paths).cut(presented)
