"""The table of live consents: one row for each factory, organisation and scope that has a grant that is not over.

It is written with the grant, in the same unit of work, so that of two grants for the same thing only one is kept; and
it is what every question for a consent is answered from, with a majority read and without a cache.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from chassis.database import db
from chassis.unit_of_work import WriteConflict, current
from programme.domain.consent_grant import ConsentGrant, Scope
from programme.domain.errors import ConsentAlreadyLive
from programme.storage import LIVE_CONSENTS


def keep(grant: ConsentGrant, now: datetime) -> None:
    """Note a new grant. Raises ConsentAlreadyLive while another one for the same thing is not over."""
    current()
    terms = grant.terms
    place = _place(terms.factory_id, terms.organisation_id, terms.scope)
    row = {
        "grant_id": grant.id,
        "factory_id": terms.factory_id,
        "organisation_id": terms.organisation_id,
        "scope": terms.scope.value,
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
    }
    rows = db()[LIVE_CONSENTS]
    before = rows.find_one({"_id": place})
    if before is not None and before["ends_at"] > now:
        raise ConsentAlreadyLive("The factory lets this organisation see this already; withdraw that first.", "scope")
    try:
        rows.replace_one({"_id": place}, row, upsert=True)
    except DuplicateKeyError:
        raise WriteConflict(place) from None


def forget(grant: ConsentGrant) -> None:
    """A grant is over; a newer one for the same thing stays."""
    current()
    terms = grant.terms
    place = _place(terms.factory_id, terms.organisation_id, terms.scope)
    db()[LIVE_CONSENTS].delete_one({"_id": place, "grant_id": grant.id})


def find(factory_id: str, organisation_id: str, scope: Scope, now: datetime) -> dict[str, Any] | None:
    """The row of the grant that is live at this moment, None without one."""
    place = _place(factory_id, organisation_id, scope)
    return _majority().find_one({"_id": place, "starts_at": {"$lte": now}, "ends_at": {"$gt": now}})


def factories_open_to(organisation_ids: Iterable[str], now: datetime) -> frozenset[str]:
    """Ids of the factories that let one of these organisations see anything at this moment."""
    live = {"organisation_id": {"$in": list(organisation_ids)}, "starts_at": {"$lte": now}, "ends_at": {"$gt": now}}
    return frozenset(_majority().distinct("factory_id", live))


def _place(factory_id: str, organisation_id: str, scope: Scope) -> str:
    return f"{factory_id}/{organisation_id}/{scope.value}"


def _majority() -> Collection[dict[str, Any]]:
    return db().get_collection(LIVE_CONSENTS, read_concern=ReadConcern("majority"))
