"""The table of live consents: a row for each factory, organisation, scope and reference with a grant that is not over.

It is written with the grant, in the same unit of work, so that of two grants for the same thing only one is kept; and
it is what every question for a consent is answered from, never from a cache.

Two strengths of reading: with "majority" the primary that is asked shows every withdrawal that it has acknowledged;
with "linearizable" a primary also proves that it still is the primary, so that none that was replaced a moment ago
answers from what it knew before. With one database server the two say the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from chassis.database import Row, client, db
from chassis.paging import Page
from chassis.unit_of_work import WriteConflict, current
from programme import paged
from programme.domain.consent_grant import ConsentGrant
from programme.domain.consent_terms import Purpose, Scope, Terms
from programme.domain.errors import ConsentAlreadyLive
from programme.paged import Paging
from programme.storage import LIVE_CONSENTS

LONGEST_READ_MS = 5000
"""A linearizable read waits for a majority; without one it fails, and the consent counts as unknown."""

_strength = "majority"


def configure(strength: str) -> None:
    """Read with "majority" or "linearizable" from now on; once, at the start of the process."""
    global _strength
    _strength = strength


def keep(grant: ConsentGrant, now: datetime) -> None:
    """Note a new grant. Raises ConsentAlreadyLive while another one for the same thing is not over."""
    current()
    place = _place_of(grant.terms)
    rows = db()[LIVE_CONSENTS]
    before = rows.find_one({"_id": place})
    if before is not None and before["ends_at"] > now:
        raise ConsentAlreadyLive("The factory lets this organisation see this already; withdraw that first.", "scope")
    try:
        rows.replace_one({"_id": place}, _row(grant), upsert=True)
    except DuplicateKeyError:
        raise WriteConflict(place) from None


def move_end(grant: ConsentGrant) -> None:
    """A grant was renewed. Raises WriteConflict where its row is another grant's by now."""
    current()
    place = _place_of(grant.terms)
    changed = db()[LIVE_CONSENTS].replace_one({"_id": place, "grant_id": grant.id}, _row(grant))
    if changed.matched_count != 1:
        raise WriteConflict(place)


def forget(grant: ConsentGrant) -> None:
    """A grant is over; a newer one for the same thing stays."""
    current()
    db()[LIVE_CONSENTS].delete_one({"_id": _place_of(grant.terms), "grant_id": grant.id})


@dataclass(frozen=True)
class Question:
    """May this organisation see this scope of this factory, for this purpose (None: for any) and this reference?"""

    factory_id: str
    organisation_id: str
    scope: Scope
    purpose: Purpose | None = None
    reference: str = ""


def find(question: Question, now: datetime) -> Row | None:
    """The row of the grant that is live at this moment, one for the very reference first; None without one."""
    asked = (question.factory_id, question.organisation_id, question.scope)
    places = dict.fromkeys([_place(*asked, question.reference), _place(*asked, "")])
    purpose = {"purpose": question.purpose.value} if question.purpose else {}
    # One place a read: a linearizable read is one only where it names a single document.
    found = (_one({"_id": place, **_live(now), **purpose}) for place in places)
    return next((row for row in found if row is not None), None)


def page(wanted: Mapping[str, Any], now: datetime, paging: Paging) -> tuple[Page, int]:
    """Rows that are live at this moment and match, by factory, scope and reference; and how many there are."""
    with _up_to_date():
        return paged.page(_majority(), wanted, (("factory_id", 1), ("_id", 1)), paging, also=_live(now))


def factories_open_to(organisation_ids: Iterable[str], now: datetime) -> frozenset[str]:
    """Ids of the factories that let one of these organisations see anything at this moment."""
    query = {"organisation_id": {"$in": list(organisation_ids)}, **_live(now)}
    with _up_to_date():
        return frozenset(_majority().distinct("factory_id", query))


def _row(grant: ConsentGrant) -> Row:
    terms = grant.terms
    return {
        "grant_id": grant.id,
        "factory_id": terms.factory_id,
        "organisation_id": terms.organisation_id,
        "scope": terms.scope.value,
        "purpose": terms.purpose.value if terms.purpose else None,
        "fields": list(terms.fields),
        "reference": terms.reference,
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
    }


def _place_of(terms: Terms) -> str:
    return _place(terms.factory_id, terms.organisation_id, terms.scope, terms.reference)


def _place(factory_id: str, organisation_id: str, scope: Scope, reference: str) -> str:
    place = f"{factory_id}/{organisation_id}/{scope.value}"
    return f"{place}/{reference}" if reference else place


def _live(now: datetime) -> Row:
    return {"starts_at": {"$lte": now}, "ends_at": {"$gt": now}}


@contextmanager
def _up_to_date() -> Iterator[None]:
    """Majority reads inside see every write that was acknowledged before.

    Linearizable reads name a single document. Reads of many follow one in its session, from its moment on.
    """
    if _strength == "majority":
        yield
        return
    with client().start_session(causal_consistency=True) as session, session.bind(end_session=False):
        _one({"_id": ""})
        yield


def _majority() -> Collection[Row]:
    return db().get_collection(LIVE_CONSENTS, read_concern=ReadConcern("majority"))


def _one(query: Mapping[str, Any]) -> Row | None:
    rows = db().get_collection(LIVE_CONSENTS, read_concern=ReadConcern(_strength))
    return rows.find_one(query, max_time_ms=LONGEST_READ_MS)
