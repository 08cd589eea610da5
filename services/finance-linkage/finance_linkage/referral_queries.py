"""The questions about referrals that staff and factories ask, filtered by what the caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis import access
from chassis.database import Row
from chassis.identity import Identity
from finance_linkage import archive
from finance_linkage.domain.states import Side, State
from finance_linkage.queries import Listed, Paging
from finance_linkage.storage import referrals

_LONGEST_FIRST = (("state_at", 1), ("_id", 1))


@dataclass(frozen=True)
class Wanted:
    """Conditions of a list of referrals; empty ones do not count."""

    country: str = ""
    factory_id: str = ""
    product_id: str = ""
    financier_id: str = ""
    states: Sequence[State] = ()
    waiting_for: Side | None = None
    overdue_only: bool = False

    def query(self) -> Row:
        """The conditions as a database query."""
        names = ("country", "factory_id", "product_id", "financier_id")
        query: Row = {name: getattr(self, name) for name in names if getattr(self, name)}
        if self.states:
            query["state"] = {"$in": sorted(state.value for state in self.states)}
        if self.waiting_for is not None:
            query["waiting_for"] = self.waiting_for.value
        if self.overdue_only:
            query["overdue"] = True
        return query


def get_referral(caller: Identity, referral_id: str) -> Row:
    """One referral as it is stored. Raises NotFound."""
    return referrals.read(access.filter(caller, "referral"), referral_id)


def list_referrals(caller: Identity, wanted: Wanted, paging: Paging) -> Listed:
    """Referrals, the one longest in its state first."""
    visible, query = access.filter(caller, "referral"), wanted.query()
    page = referrals.find(visible, query, sort=_LONGEST_FIRST, page_size=paging.size, page_token=paging.token)
    return Listed(page, referrals.count(visible, query))


def get_pack(caller: Identity, referral_id: str, addendum: int) -> Row:
    """The evidence pack, or the addendum of this number, of a referral as it is kept. Raises NotFound."""
    get_referral(caller, referral_id)
    return archive.pack(referral_id, addendum)


def count_work(caller: Identity, country: str) -> list[Row]:
    """What waits for whom in which state: how many, how many overdue, since when the oldest."""
    group = {
        "_id": {"waiting_for": "$waiting_for", "state": "$state"},
        "referrals": {"$sum": 1},
        "overdue": {"$sum": {"$cond": ["$overdue", 1, 0]}},
        "oldest": {"$min": "$state_at"},
    }
    return _grouped(caller, {"waiting_for": {"$ne": None}} | _of(country), group)


def count_pipeline(caller: Identity, country: str, product_id: str) -> list[Row]:
    """How many referrals stand where, and the money in them, by currency."""
    paid = {"$sum": "$disbursements.amount.minor_units"}
    group = {
        "_id": {"state": "$state", "currency": "$amount.currency"},
        "referrals": {"$sum": 1},
        "requested": {"$sum": "$amount.minor_units"},
        "approved": {"$sum": {"$ifNull": ["$approved.minor_units", 0]}},
        "disbursed": {"$sum": paid},
    }
    query = _of(country) | ({"product_id": product_id} if product_id else {})
    return _grouped(caller, query, group)


def _of(country: str) -> Row:
    return {"country": country} if country else {}


def _grouped(caller: Identity, query: Row, group: Row) -> list[Row]:
    visible = access.filter(caller, "referral").query
    rows = referrals.collection.aggregate([{"$match": {"$and": [visible, query]}}, {"$group": group}])
    return sorted(rows, key=lambda row: [str(value) for value in row["_id"].values()])
