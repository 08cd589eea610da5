"""What is written once and kept for ever: receipts by digest, evidence packs by referral and number of addendum."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from chassis import paging
from chassis.access import Filter
from chassis.database import Row, db, ensure_collection, is_taken
from chassis.errors import NotFound
from chassis.paging import Page
from chassis.unit_of_work import WriteConflict, current
from finance_linkage.domain.receipt import Receipt

RECEIPTS, PACKS = "receipts", "evidence_packs"
_LATEST_FIRST = (("written_at", -1), ("_id", 1))


def prepare() -> None:
    """Collections and indexes; done by `migrate`."""
    for name in (RECEIPTS, PACKS):
        ensure_collection(name)
    latest = [("factory_id", ASCENDING), ("written_at", DESCENDING), ("_id", ASCENDING)]
    db()[RECEIPTS].create_indexes([IndexModel(latest, name="of_factory")])


def keep_receipts(receipts: Iterable[tuple[str, str, Receipt]], now: datetime) -> None:
    """Keep receipts of (factory id, country), in the unit of work at hand; one that is there stays as it is."""
    current()
    writes = [
        UpdateOne({"_id": receipt.digest}, {"$setOnInsert": _row(factory_id, country, receipt, now)}, upsert=True)
        for factory_id, country, receipt in receipts
    ]
    if not writes:
        return
    try:
        db()[RECEIPTS].bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if not is_taken(error):
            raise
        raise WriteConflict(RECEIPTS) from None


def receipt(visible: Filter, digest: str) -> Row:
    """One receipt as it is kept. Raises NotFound."""
    row = db()[RECEIPTS].find_one({"$and": [{"_id": digest}, visible.query]})
    if row is None:
        raise NotFound("There is no such resource.")
    return row


def receipts_of(visible: Filter, query: Mapping[str, Any], page_size: int, page_token: str) -> tuple[Page, int]:
    """A page of receipts, the latest first, and how many there are in all."""
    wanted = {"$and": [visible.query, query]}
    limit = paging.size(page_size)
    condition = {"$and": [visible.query, query, paging.after(page_token, wanted, _LATEST_FIRST)]}
    rows = list(db()[RECEIPTS].find(condition).sort(list(_LATEST_FIRST)).limit(limit + 1))
    token = paging.token(rows[limit - 1], wanted, _LATEST_FIRST) if len(rows) > limit else ""
    return Page(rows[:limit], token), db()[RECEIPTS].count_documents(wanted)


def keep_pack(referral_id: str, digest: str, pack: Mapping[str, Any], now: datetime, addendum: int = 0) -> None:
    """Keep the evidence pack of a referral, or an addendum, in the unit of work at hand; neither ever changes."""
    current()
    row = {"_id": _pack_id(referral_id, addendum), "digest": digest, "pack": dict(pack), "frozen_at": now}
    try:
        db()[PACKS].insert_one(row)
    except DuplicateKeyError:
        raise WriteConflict(referral_id) from None


def pack(referral_id: str, addendum: int = 0) -> Row:
    """The evidence pack of a referral, or the addendum of this number. Raises NotFound."""
    row = db()[PACKS].find_one({"_id": _pack_id(referral_id, addendum)})
    if row is None:
        raise NotFound("There is no such resource.")
    return row


def pack_name(row: Row) -> str:
    """What a pack or addendum is called below its collection of referrals."""
    referral_id, _, rest = str(row["_id"]).partition("/")
    return f"{referral_id}/evidencePack/{rest}".rstrip("/")


def _pack_id(referral_id: str, addendum: int) -> str:
    return f"{referral_id}/addenda/{addendum}" if addendum else referral_id


def _row(factory_id: str, country: str, one: Receipt, now: datetime) -> Row:
    return {
        "factory_id": factory_id,
        "country": country,
        "product_id": one.product_id,
        "canonical": one.canonical,
        "written_at": now,
    }
