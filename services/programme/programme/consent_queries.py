"""What callers may ask about consents: the ledger as it is kept, and what is live at this moment."""

from collections.abc import Mapping
from typing import Any

from chassis import clock
from chassis.access import may
from chassis.database import Row
from chassis.identity import Identity
from chassis.paging import Page, Sort
from programme import access, live_consents
from programme.domain.consent_grant import ConsentState
from programme.domain.consent_terms import Scope
from programme.live_consents import Question
from programme.paged import Paging
from programme.storage import consent_grants, factories, organisations

LATEST_FIRST: Sort = (("granted_at", -1), ("_id", 1))
ORDERS: Mapping[str, Sort] = {
    "": LATEST_FIRST,
    "grant_time desc": LATEST_FIRST,
    "expire_time": (("terms.ends_at", 1), ("_id", 1)),
    "organisation": (("terms.organisation_id", 1), ("granted_at", -1), ("_id", 1)),
}
"""How a factory's consents may be sorted, by the words of the contract."""


def list_consent_grants(
    caller: Identity, factory_id: str, organisation_id: str, state: ConsentState | None, paging: Paging
) -> tuple[Page, int]:
    """Grants, the latest first, and how many there are."""
    visible = access.visible(caller, "consent-grant")
    query: dict[str, Any] = {}
    if factory_id:
        query["terms.factory_id"] = factory_id
    if organisation_id:
        query["terms.organisation_id"] = organisation_id
    if state:
        query["state"] = state.value
    page = consent_grants.find(visible, query, sort=LATEST_FIRST, page_size=paging.size, page_token=paging.token)
    return page, consent_grants.count(visible, query)


def list_factory_consents(
    caller: Identity, factory_id: str, state: ConsentState | None, order_by: str, paging: Paging
) -> tuple[Page, int, Mapping[str, Row]]:
    """Who holds what of a factory since when, with what has ended; how many there are; and the organisations by id.

    Raises NotFound for a factory that the caller may not know of, and Denied for one that is not the caller's.
    """
    factory = factories.read(access.visible(caller, "factory"), factory_id, {"country": 1})
    may(caller, "ListFactoryConsents", {"country": factory["country"], "factory_id": factory_id})
    visible = access.visible(caller, "consent-grant")
    query = {"terms.factory_id": factory_id} | ({"state": state.value} if state else {})
    page = consent_grants.find(visible, query, sort=ORDERS[order_by], page_size=paging.size, page_token=paging.token)
    return page, consent_grants.count(visible, query), _organisations(page)


def check_consent(caller: Identity, question: Question) -> Row | None:
    """The live grant's row, or None. Raises Denied where the factory or organisation is not the caller's to ask for.

    A factory that does not exist has no consent, so asking for one reveals nothing.
    """
    factory_id = question.factory_id
    asked = {
        "country": factory_id[:2].upper(),
        "factory_id": factory_id,
        "organisation_id": question.organisation_id,
    }
    may(caller, "CheckConsent", asked)
    return live_consents.find(question, clock.now())


def list_live_consents(organisation_id: str, scope: Scope | None, factory_id: str, paging: Paging) -> tuple[Page, int]:
    """Rows of the grants that an organisation holds at this moment, and how many there are; for services alone."""
    wanted = {"organisation_id": organisation_id}
    if scope:
        wanted["scope"] = scope.value
    if factory_id:
        wanted["factory_id"] = factory_id
    return live_consents.page(wanted, clock.now(), paging)


def _organisations(page: Page) -> Mapping[str, Row]:
    ids = {row["terms"]["organisation_id"] for row in page.rows}
    rows = organisations.collection.find({"_id": {"$in": sorted(ids)}}, {"display_name": 1, "kind": 1})
    return {row["_id"]: row for row in rows}
