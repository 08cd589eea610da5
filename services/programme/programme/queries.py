"""What callers may ask: each query sees only what the caller's filter lets through."""

import re
from dataclasses import dataclass
from typing import Any

from chassis.identity import Identity
from chassis.paging import Page
from programme import access, import_rows
from programme.domain.factory import FactoryStatus, search_form
from programme.domain.factory_import import Counts, Outcome
from programme.domain.organisation import OrganisationKind
from programme.paged import Paging
from programme.storage import country_programmes, factories, factory_imports, organisations


@dataclass(frozen=True)
class FactoryFilter:
    """Conditions on factories; what is empty or None does not restrict."""

    country: str = ""
    status: FactoryStatus | None = None
    search: str = ""
    assigned_advisor: str = ""

    def query(self) -> dict[str, Any]:
        """The condition for the database. A search is a range of the index over search terms."""
        query: dict[str, Any] = {}
        if self.country:
            query["country"] = self.country
        if self.status:
            query["status"] = self.status.value
        if beginning := search_form(self.search):
            query["search_terms"] = {"$regex": f"^{re.escape(beginning)}"}
        if self.assigned_advisor:
            query["details.assigned_advisor"] = self.assigned_advisor
        return query


def list_factories(caller: Identity, wanted: FactoryFilter, paging: Paging) -> tuple[Page, int]:
    """Factories by country and name, and how many there are."""
    visible, query = access.visible(caller, "factory"), wanted.query()
    order = (("country", 1), ("sort_name", 1), ("_id", 1))
    page = factories.find(visible, query, sort=order, page_size=paging.size, page_token=paging.token)
    return page, factories.count(visible, query)


def list_country_programmes(caller: Identity, paging: Paging) -> tuple[Page, int]:
    """Country programmes by code, and how many there are."""
    visible = access.visible(caller, "country-programme")
    page = country_programmes.find(visible, {}, page_size=paging.size, page_token=paging.token)
    return page, country_programmes.count(visible, {})


def list_organisations(caller: Identity, kind: OrganisationKind | None, paging: Paging) -> tuple[Page, int]:
    """Partner organisations by id, and how many there are."""
    visible = access.visible(caller, "organisation")
    query = {"kind": kind.value} if kind else {}
    page = organisations.find(visible, query, page_size=paging.size, page_token=paging.token)
    return page, organisations.count(visible, query)


def import_progress(import_id: str) -> Counts:
    """How many rows of an import have which outcome at this moment."""
    return import_rows.counts(import_id)


def list_factory_imports(caller: Identity, paging: Paging) -> tuple[Page, int]:
    """The caller's imports, the latest first, and how many there are."""
    visible = access.visible(caller, "factory-import")
    order = (("started_at", -1), ("_id", 1))
    page = factory_imports.find(visible, {}, sort=order, page_size=paging.size, page_token=paging.token)
    return page, factory_imports.count(visible, {})


def list_factory_import_rows(
    caller: Identity, import_id: str, outcome: Outcome | None, paging: Paging
) -> tuple[Page, int]:
    """Rows of an import in the order of the file, and how many there are. Raises NotFound."""
    factory_imports.read(access.visible(caller, "factory-import"), import_id, {"_id": 1})
    return import_rows.page(import_id, outcome, paging)
