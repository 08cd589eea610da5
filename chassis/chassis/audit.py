"""Who read what, under which grant: a row beside the data for every disclosure, chained and signed afterwards.

Rows are written unchained, so that readers never wait for each other. One leased sealer gives each its place in a
chain of digests and signs the end of the chain (Ed25519). Changing, deleting, inserting or reordering rows then shows
at the first place that does not fit; cutting off the end shows against a head noted elsewhere, such as in the logs.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import Binary
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from chassis import metrics, telemetry
from chassis.database import Row, db
from chassis.identity import Identity
from chassis.ids import new_id
from chassis.secret_keys import derived
from chassis.settings import Settings
from chassis.unit_of_work import WriteConflict, unit_of_work

log = logging.getLogger(__name__)
BATCH = 500
_SEALED_FIELDS = {"place", "chain"}


def record(caller: Identity, action: str, disclosed: Iterable[tuple[str, str]]) -> None:
    """Keep that the caller was shown these (resource, grant); before they are sent, so that none leaves unnoticed.

    Inside a unit of work it belongs to that; outside it is written by itself, with the majority. Nothing disclosed:
    nothing kept.
    """
    pairs = [{"resource": resource, "grant": grant} for resource, grant in disclosed]
    if not pairs:
        return
    now = datetime.now(UTC)
    row: Row = {
        "_id": new_id(),
        "at": now.replace(microsecond=now.microsecond // 1000 * 1000),
        "subject": caller.subject,
        "attributes": {name: sorted(values) for name, values in sorted(caller.attributes.items())},
        "action": action,
        "disclosed": pairs,
        "traceparent": telemetry.traceparent(),
    }
    db().audit.insert_one(row)


@dataclass(frozen=True)
class Broken:
    """The first place at which the chain does not hold: the row (or seal) there, and what is wrong with it."""

    place: int
    row: str
    why: str


@dataclass(frozen=True)
class Verified:
    """What a verification found: rows that a signed seal covers, rows not sealed yet, the head, the first break."""

    sealed: int
    unsealed: int
    head: str
    broken: Broken | None


class Seals:
    """Chains and signs, and verifies, with the key of this service."""

    def __init__(self, settings: Settings) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(derived(settings.secret_key_file, "audit seal"))

    def seal(self) -> int:
        """Give the oldest unsealed rows their places, and sign the last; how many. Two at once: one does it."""
        try:
            count = unit_of_work(self._seal_batch)
        except DuplicateKeyError:
            return 0
        metrics.AUDIT_UNSEALED.set(db().audit.count_documents({"place": None}))
        return count

    def verify(self, head: str = "") -> Verified:
        """Walk the chain from its beginning to the first row or seal that does not hold.

        `head` is one that was noted outside the database, as in the logs: a chain that never passed it was cut off.
        """
        unsealed = db().audit.count_documents({"place": None})
        seals = {int(seal["_id"]): seal for seal in db().audit_seals.find()}
        place, chain, passed = 0, b"", not head
        for row in db().audit.find({"place": {"$ne": None}}).sort([("place", 1), ("_id", 1)]):
            why = self._why_broken(row, place, chain, seals.pop(place + 1, None))
            if why:
                return Verified(place, unsealed, chain.hex(), Broken(min(place + 1, row["place"]), row["_id"], why))
            place, chain = place + 1, link(chain, row)
            passed = passed or chain.hex() == head
        broken = None
        if seals:
            broken = Broken(place + 1, "", "rows that were sealed are missing at the end")
        elif place and not db().audit_seals.find_one({"_id": place}):
            broken = Broken(place, "", "the seal over the last rows is missing")
        elif not passed:
            broken = Broken(place + 1, "", "the chain never passed the head that was noted: its end was cut off")
        return Verified(place, unsealed, chain.hex(), broken)

    def _why_broken(self, row: Row, place: int, chain: bytes, seal: Row | None) -> str:
        """What is wrong with the row that follows this place; empty when it holds."""
        if row["place"] != place + 1:
            return "two rows claim its place" if row["place"] <= place else "a row is missing before this one"
        if bytes(row["chain"]) != link(chain, row):
            return "the row is not what was sealed"
        if seal is not None and not self._is_signed(seal, link(chain, row)):
            return "the seal over the rows up to this one is not signed with this key"
        return ""

    def _is_signed(self, seal: Row, chain: bytes) -> bool:
        try:
            self._key.public_key().verify(bytes(seal["signature"]), _statement(int(seal["_id"]), chain))
        except InvalidSignature:
            return False
        return bytes(seal["chain"]) == chain

    def _seal_batch(self) -> int:
        rows = list(db().audit.find({"place": None}).sort("_id", 1).limit(BATCH))
        if not rows:
            return 0
        last = db().audit_seals.find_one({}, sort=[("_id", -1)])
        place, chain = (int(last["_id"]), bytes(last["chain"])) if last else (0, b"")
        updates = []
        for row in rows:
            place, chain = place + 1, link(chain, row)
            content = {"$set": {"place": place, "chain": Binary(chain)}}
            updates.append(UpdateOne({"_id": row["_id"], "place": None}, content))
        if db().audit.bulk_write(updates).modified_count != len(rows):
            raise WriteConflict("audit")
        signature = self._key.sign(_statement(place, chain))
        seal = {"_id": place, "chain": Binary(chain), "signature": Binary(signature), "at": datetime.now(UTC)}
        db().audit_seals.insert_one(seal)
        log.info("audit sealed", extra={"place": place, "head": chain.hex()})
        return len(rows)


def link(chain: bytes, row: Mapping[str, Any]) -> bytes:
    """The digest of a row together with everything before it."""
    content = {name: value for name, value in row.items() if name not in _SEALED_FIELDS}
    return hashlib.sha256(chain + json.dumps(content, default=_plain, sort_keys=True).encode()).digest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(type(value).__name__)


def _statement(place: int, chain: bytes) -> bytes:
    return f"amplify audit {place} ".encode() + chain
