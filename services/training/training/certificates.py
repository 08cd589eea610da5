"""Issued certificates: one row each, under its number, so that no number is ever used twice."""

from collections.abc import Iterable, Mapping
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from chassis import paging
from chassis.access import EVERYTHING, Filter
from chassis.database import Row, db, is_taken
from chassis.errors import Aborted, NotFound
from chassis.paging import Page
from chassis.unit_of_work import WriteConflict, current
from training.domain.certificate import Certificate, CertificateState, withheld
from training.storage import CERTIFICATES

_LATEST = (("issued_at", -1), ("_id", 1))
_converter = make_converter()


def used(numbers: Iterable[str]) -> set[str]:
    """Which of these numbers exist."""
    return {row["_id"] for row in _rows().find({"_id": {"$in": list(numbers)}}, {"_id": 1})}


def add(made: Iterable[Certificate]) -> None:
    """Keep new ones, in the unit of work at hand. A number that somebody else took meanwhile makes it rerun."""
    current()
    rows = [{"_id": one.number, "version": 1, **_converter.unstructure(one)} for one in made]
    try:
        if rows:
            _rows().insert_many(rows)
    except BulkWriteError as error:
        if not is_taken(error):
            raise
        raise WriteConflict("certificate") from None


def save(certificate: Certificate) -> None:
    """Write one that changed, in the unit of work at hand."""
    current()
    _rows().update_one(
        {"_id": certificate.number}, {"$set": _converter.unstructure(certificate), "$inc": {"version": 1}}
    )


def read(visible: Filter, number: str, *, etag: str = "") -> Row:
    """One row. Raises NotFound, also for one that the caller may not see, and Aborted for another etag."""
    row = _rows().find_one({"$and": [{"_id": number}, visible.query]})
    if row is None:
        raise NotFound("There is no such resource.")
    if etag and etag != etag_of(row):
        raise Aborted("It was changed by somebody else since you read it. Read it again and repeat.")
    return row


def withheld_in(session_id: str) -> set[str]:
    """Participants of a session who get another certificate only if they are named."""
    query = {"session_id": session_id, "state": CertificateState.REVOKED.value}
    return withheld(map(revive, _rows().find(query)))


def known(number: str) -> Certificate:
    """The certificate of a number, for whoever has it. Raises NotFound."""
    return revive(read(EVERYTHING, number))


def find(visible: Filter, query: Mapping[str, Any], page_size: int, page_token: str) -> tuple[Page, int]:
    """One page of rows, the latest first, and how many there are in all pages."""
    wanted = {"$and": [visible.query, query]}
    size = paging.size(page_size)
    behind = {"$and": [wanted, paging.after(page_token, wanted, _LATEST)]}
    rows = list(_rows().find(behind).sort(list(_LATEST)).limit(size + 1))
    token = paging.token(rows[size - 1], wanted, _LATEST) if len(rows) > size else ""
    return Page(rows[:size], token), _rows().count_documents(wanted)


def etag_of(row: Mapping[str, Any]) -> str:
    """The etag of a row (AIP-154)."""
    return f'"{row["version"]}"'


def revive(row: Mapping[str, Any]) -> Certificate:
    """The certificate that a row describes."""
    return _converter.structure(row, Certificate)


def _rows() -> Collection[Row]:
    return db()[CERTIFICATES]
