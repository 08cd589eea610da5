"""What a financier may see of what was sent to it: its own, under a consent that is live at this very moment.

Every question asks programme anew and fails where programme does not answer. What is not open is not found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis import access, audit
from chassis.database import Row
from chassis.errors import NotFound
from chassis.identity import Identity
from chassis.paging import Page, after, token
from chassis.paging import size as page_size
from finance_linkage import archive, consents
from finance_linkage.consents import LiveGrant
from finance_linkage.domain.states import State
from finance_linkage.queries import Listed, Paging
from finance_linkage.storage import referrals

_BY_SENDING = (("sent_at", 1), ("_id", 1))


@dataclass(frozen=True)
class Opened:
    """A referral as it is stored, and the grant that opens it to the caller now."""

    row: Row
    grant: LiveGrant


def opened(caller: Identity, referral_id: str) -> Opened:
    """The referral, if it was sent to the caller and the factory consents. Raises NotFound or Unavailable."""
    row = referrals.read(access.filter(caller, "incoming-referral"), referral_id)
    grant = consents.ask().live(row["factory_id"], row["financier_id"], referral_id)
    if grant is None:
        raise NotFound("There is no such resource.")
    return Opened(row, grant)


def get_incoming(caller: Identity, referral_id: str) -> Opened:
    """See `opened`; kept in the audit."""
    found = opened(caller, referral_id)
    _keep(caller, "GetIncomingReferral", [(f"incomingReferrals/{referral_id}", found.grant.id)])
    return found


def get_incoming_pack(caller: Identity, referral_id: str, addendum: int) -> tuple[Row, LiveGrant]:
    """The evidence pack or one of its addenda as it is kept, and the grant that opens it; kept in the audit."""
    found = opened(caller, referral_id)
    row = archive.pack(referral_id, addendum)
    name = f"incomingReferrals/{archive.pack_name(row)}"
    _keep(caller, "GetIncomingEvidencePack", [(name, found.grant.id)])
    return row, found.grant


def list_incoming(caller: Identity, states: Sequence[State], paging: Paging) -> tuple[Listed, dict[str, str]]:
    """Referrals that were sent to the caller and are open to it now, with the grant of each, by id.

    A page token does not name what is open: consents may change from page to page.
    """
    found = {one: consents.ask().open_now(one) for one in sorted(caller.values("organisation"))}
    branches: list[Row] = [
        {"financier_id": financier, "$or": [{"factory_id": {"$in": sorted(now.factories)}}, _among(now.referrals)]}
        for financier, now in found.items()
    ]
    if not branches:
        raise NotFound("There is no such resource.")
    wanted: Row = {"state": {"$in": sorted(state.value for state in states)}} if states else {}
    open_now = {"$and": [access.filter(caller, "incoming-referral").query, {"$or": branches}, wanted]}
    limit = page_size(paging.size)
    asked = {"financier": sorted(found), **wanted}
    behind = {"$and": [open_now, after(paging.token, asked, _BY_SENDING)]}
    rows = list(referrals.collection.find(behind).sort(list(_BY_SENDING)).limit(limit + 1))
    page = Page(rows[:limit], token(rows[limit - 1], asked, _BY_SENDING) if len(rows) > limit else "")
    grants = {row["_id"]: found[row["financier_id"]].grant_for(row["factory_id"], row["_id"]) for row in page.rows}
    _keep(caller, "ListIncomingReferrals", [(f"incomingReferrals/{id}", grant) for id, grant in grants.items()])
    return Listed(page, referrals.collection.count_documents(open_now)), grants


def _among(grants: dict[str, str]) -> Row:
    return {"_id": {"$in": sorted(grants)}}


def _keep(caller: Identity, action: str, disclosed: list[tuple[str, str]]) -> None:
    audit.record(caller, action, disclosed)
