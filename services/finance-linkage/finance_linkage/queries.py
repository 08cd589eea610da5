"""The questions about products, decisions and records, each on behalf of a caller and filtered by what that may see."""

from dataclasses import dataclass
from datetime import date

from chassis import access
from chassis.access import Filter
from chassis.database import Row
from chassis.identity import Identity
from chassis.paging import Page
from chassis.paging import after as paging_after
from chassis.paging import size as page_size
from chassis.paging import token as page_token
from finance_linkage import archive
from finance_linkage.assembling import open_lines
from finance_linkage.domain.product import ProductKind
from finance_linkage.domain.rules import Outcome
from finance_linkage.read_models import dossiers
from finance_linkage.storage import eligibilities, environmental_records, finance_profiles, products

_BY_LINE = (("line_id", 1),)
_LATEST_YEAR_FIRST = (("year", -1), ("_id", 1))


@dataclass(frozen=True)
class Listed:
    """One page, and how many rows all pages have."""

    page: Page
    total: int


@dataclass(frozen=True)
class Paging:
    """Which page is wanted."""

    size: int
    token: str


def get_product(caller: Identity, product_id: str) -> Row:
    """One product as it is stored. Raises NotFound."""
    return products.read(access.filter(caller, "product"), product_id)


def list_products(caller: Identity, country: str, kind: ProductKind | None, on: date | None, paging: Paging) -> Listed:
    """Products by code; empty conditions do not count."""
    query: Row = {}
    if country:
        query["definition.countries"] = country
    if kind is not None:
        query["definition.kind"] = kind.value
    if on is not None:
        query["definition.effective_from"] = {"$lte": on.isoformat()}
        until = {"definition.effective_until": {"$gte": on.isoformat()}}
        query["$or"] = [{"definition.effective_until": None}, until]
    visible = access.filter(caller, "product")
    return Listed(
        products.find(visible, query, page_size=paging.size, page_token=paging.token), products.count(visible, query)
    )


def get_eligibility(caller: Identity, factory_id: str) -> Row:
    """The decisions on one factory as they are stored. Raises NotFound."""
    return eligibilities.read(access.filter(caller, "eligibility"), factory_id)


def list_eligibilities(
    caller: Identity, country: str, product_id: str, outcome: Outcome | None, tier: str, paging: Paging
) -> Listed:
    """Factories with a decision that matches, by factory; `matches` says which decisions these are."""
    query: Row = {"country": country} if country else {}
    wanted = {"product_id": product_id, "outcome": outcome.value if outcome else "", "tier": tier}
    if conditions := {name: value for name, value in wanted.items() if value}:
        query["decisions"] = {"$elemMatch": conditions}
    visible = access.filter(caller, "eligibility")
    page = eligibilities.find(visible, query, page_size=paging.size, page_token=paging.token)
    for row in page.rows:
        row["decisions"] = [one for one in row["decisions"] if all(one[k] == v for k, v in conditions.items())]
    return Listed(page, eligibilities.count(visible, query))


def count_eligibilities(caller: Identity, country: str) -> list[Row]:
    """How many factories have each product, outcome and tier."""
    query: Row = {"country": country} if country else {}
    group = {"product": "$decisions.product_id", "outcome": "$decisions.outcome", "tier": "$decisions.tier"}
    rows = eligibilities.collection.aggregate(
        [
            {"$match": {"$and": [access.filter(caller, "eligibility").query, query]}},
            {"$unwind": "$decisions"},
            {"$group": {"_id": group, "factories": {"$sum": 1}}},
            {"$sort": {"_id.product": 1, "_id.outcome": 1, "_id.tier": 1}},
        ]
    )
    return [row["_id"] | {"factories": row["factories"]} for row in rows]


def get_receipt(caller: Identity, digest: str) -> Row:
    """One receipt as it is kept. Raises NotFound."""
    return archive.receipt(access.filter(caller, "receipt"), digest)


def list_receipts(caller: Identity, factory_id: str, product_id: str, paging: Paging) -> Listed:
    """Receipts of a factory, the latest first."""
    query: Row = {"factory_id": factory_id} | ({"product_id": product_id} if product_id else {})
    return Listed(*archive.receipts_of(access.filter(caller, "receipt"), query, paging.size, paging.token))


def list_financeable_lines(caller: Identity, factory_id: str, product_id: str, paging: Paging) -> Listed:
    """Open improvement lines that the product finances, by id. Raises NotFound."""
    definition = products.revive(get_product(caller, product_id)).definition
    asked = {"factory": factory_id, "product": product_id}
    last_seen = paging_after(paging.token, asked, _BY_LINE)
    rows = [
        {"line_id": line_id, **line}
        for line_id, line in open_lines(
            dossiers.known(access.filter(caller, "dossier"), factory_id), definition.finances_lines_of
        ).items()
    ]
    behind = last_seen["$or"][0]["line_id"]["$gt"] if last_seen else ""
    rest, limit = [row for row in rows if row["line_id"] > behind], page_size(paging.size)
    token = page_token(rest[limit - 1], asked, _BY_LINE) if len(rest) > limit else ""
    return Listed(Page(rest[:limit], token), len(rows))


def get_finance_profile(caller: Identity, factory_id: str) -> Row:
    """The profile of a factory as it is stored. Raises NotFound."""
    return finance_profiles.read(access.filter(caller, "finance-profile"), factory_id)


def get_environmental_record(caller: Identity, record_id: str) -> Row:
    """One record as it is stored. Raises NotFound."""
    return environmental_records.read(access.filter(caller, "environmental-record"), record_id)


def list_environmental_records(caller: Identity, factory_id: str, paging: Paging) -> Listed:
    """The records of a factory, the latest year first."""
    visible: Filter = access.filter(caller, "environmental-record")
    query: Row = {"factory_id": factory_id}
    page = environmental_records.find(
        visible, query, sort=_LATEST_YEAR_FIRST, page_size=paging.size, page_token=paging.token
    )
    return Listed(page, environmental_records.count(visible, query))
