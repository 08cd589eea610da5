"""What a partner may read at this moment: the factories that its live grants open, and what is shown of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from amplify.assessment.v1 import partner_pb2
from assessment.partners import showing
from assessment.partners.consents import Consents, Grant, Grants, Scope
from assessment.storage import assessments
from chassis import access, audit, paging
from chassis.database import Row
from chassis.errors import Denied
from chassis.identity import Identity

_BY_RELEASE = (("report.released_at", 1), ("_id", 1))
_WITHOUT_ANSWERS = {"answers": 0}
NO_FACTORY = "zz-none"
"""The form of a factory's id, and none's."""

OPENED = {Scope.REPORTS: "reports_opened", Scope.IMPROVEMENT_PLAN: "plans_opened"}
"""Attributes of a partner that its grants of the moment give it; access rules compare factories with them."""


@dataclass(frozen=True)
class Reports:
    """One page of released reports, and how many all pages have."""

    shown: list[partner_pb2.ReleasedReport]
    next_page_token: str
    total: int


def organisation_of(caller: Identity) -> str:
    """The one organisation that the caller acts for. Raises Denied for a token that does not name exactly one."""
    found = caller.values("organisation")
    if len(found) != 1:
        raise Denied("The token names no organisation, or several.")
    return next(iter(found))


def with_grants(caller: Identity, grants: Iterable[Grant]) -> Identity:
    """The caller together with the factories that these grants open, by scope."""
    opened: dict[str, set[str]] = {attribute: set() for attribute in OPENED.values()}
    for grant in grants:
        opened[OPENED[grant.scope]].add(grant.factory_id)
    frozen = {attribute: frozenset(factories) for attribute, factories in opened.items()}
    return replace(caller, attributes={**caller.attributes, **frozen})


def list_reports(
    caller: Identity,
    consents: Consents,
    *,
    factory_id: str,
    country: str,
    released_after: datetime | None,
    paths: Sequence[str],
    page_size: int,
    page_token: str,
) -> Reports:
    """Released reports that live grants open, the earliest first. Raises Unavailable where consents are not known."""
    organisation = organisation_of(caller)
    conditions: Row = {"factory_id": factory_id} if factory_id else {}
    if country:
        conditions["country"] = country
    if released_after:
        conditions["report.released_at"] = {"$gt": released_after}
    # Grants come and go between pages: the token belongs to the partner and its filters, not to what is open now.
    mine = conditions | {"organisation": organisation}
    behind = paging.after(page_token, mine, _BY_RELEASE)
    grants = open_grants(caller, consents.live(organisation, factory_id), Scope.REPORTS, paths)
    visible = access.filter(with_grants(caller, grants.values()), "ReleasedReport")
    limit = paging.size(page_size)
    rows = released({"$and": [visible.query, conditions, behind]}, limit + 1)
    token = paging.token(rows[limit - 1], mine, _BY_RELEASE) if len(rows) > limit else ""
    shown = [show_report(caller, row, grants[row["factory_id"]], paths) for row in rows[:limit]]
    audit.record(caller, "ListReleasedReports", [(one.name, one.consent_grant) for one in shown])
    return Reports(shown, token, assessments.count(visible, conditions))


def get_report(
    caller: Identity, consents: Consents, assessment_id: str, paths: Sequence[str]
) -> partner_pb2.ReleasedReport:
    """One released report. Raises NotFound, also for one that no live grant opens, and Unavailable."""
    organisation = organisation_of(caller)
    head = assessments.collection.find_one({"_id": assessment_id}, {"factory_id": 1})
    # Programme is asked in any case: how long a refusal takes tells nothing of what there is.
    live = consents.live(organisation, head["factory_id"] if head else NO_FACTORY)
    grants = open_grants(caller, live, Scope.REPORTS, paths)
    visible = access.filter(with_grants(caller, grants.values()), "ReleasedReport")
    row = assessments.read(visible, assessment_id, _WITHOUT_ANSWERS)
    shown = show_report(caller, row, grants[row["factory_id"]], paths)
    audit.record(caller, "GetReleasedReport", [(shown.name, shown.consent_grant)])
    return shown


def open_grants(caller: Identity, grants: Grants, scope: Scope, paths: Sequence[str]) -> Mapping[str, Grant]:
    """The grants of a scope under which something would be shown, by factory."""
    return {
        grant.factory_id: grant
        for grant in grants.values()
        if grant.scope is scope and showing.opens(caller, grant, paths)
    }


def show_report(caller: Identity, row: Row, grant: Grant, paths: Sequence[str]) -> partner_pb2.ReleasedReport:
    """A stored assessment's report as this caller sees it under this grant."""
    return showing.mask(caller, grant, paths).cut(showing.report(assessments.revive(row), grant))


def released(condition: Mapping[str, Any], limit: int) -> list[Row]:
    """Released assessments that meet a condition, which contains a Filter's query; the earliest first."""
    return list(assessments.collection.find(condition, _WITHOUT_ANSWERS).sort(list(_BY_RELEASE)).limit(limit))
