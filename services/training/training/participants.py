"""The people of sessions: one row each in a table beside the sessions, written with them in one unit of work.

Nothing of a row but its opaque id leaves this service in a fact. Rows are written by hand and not through a schema:
recording the attendance of 500 people at once reads and writes 500 of them.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pymongo import UpdateMany, UpdateOne
from pymongo.collection import Collection as Table

from chassis import paging
from chassis.access import Filter
from chassis.database import Row, db
from chassis.errors import Aborted, NotFound
from chassis.paging import Page
from chassis.unit_of_work import current
from training.domain.certificate import plain_name
from training.domain.outcomes import OutcomeKind
from training.domain.participant import Identity, Participant, ParticipantState, TestKind, WithdrawReason
from training.domain.people import Employer, EmployerKind, Role, Sex
from training.domain.records import Kept, Record
from training.domain.roster import Roster
from training.domain.session import Session
from training.storage import PARTICIPANTS

ATTENDANCE = "attendance"
SCORES = "scores"
OUTCOMES = "outcomes"

_BY_NAME = (("sort_name", 1), ("_id", 1))
_ALWAYS = dict.fromkeys(
    (
        "participant_id",
        "full_name",
        "sex",
        "role",
        "employer",
        "state",
        "enrolled_at",
        "placed_at",
        "withdraw_reason",
        "completed",
        "days_present",
        "certificate",
        "version",
    ),
    1,
)


def on(day: date) -> str:
    """The part of a row that holds the attendance of one day."""
    return f"{ATTENDANCE}.{day.isoformat()}"


def roster(session_id: str, *parts: str) -> Roster:
    """Everybody of a session, with the parts of their rows that a verb needs: whole ones, or `on` some days."""
    wanted = _ALWAYS | dict.fromkeys(parts, 1)
    return Roster(map(revive, _rows().find({"session_id": session_id}, wanted)))


def save(session: Session, people: Roster, *parts: str) -> None:
    """Write those who changed, in the unit of work at hand: what is always kept of them, and the parts named."""
    current()
    updates = [_update(session, person, parts) for person in people.touched]
    if updates:
        _rows().bulk_write(updates, ordered=False)


def save_days(session: Session, people: Roster, days: Collection[date]) -> None:
    """Write nothing but the attendance of these days of those who changed, in the unit of work at hand.

    Of most people the same is written: one operation recorded it of all of them. So there is one update for each
    different entry, and not for each person.
    """
    current()
    alike: dict[tuple[tuple[date, Kept], ...], list[str]] = {}
    for person in people.touched:
        entries = tuple((day, person.attendance[day]) for day in days if day in person.attendance)
        alike.setdefault(entries, []).append(f"{session.id}/{person.id}")
    updates = [
        UpdateMany(
            {"_id": {"$in": ids}},
            {"$set": {on(day): _stored(kept) for day, kept in entries}, "$inc": {"version": 1}},
        )
        for entries, ids in alike.items()
    ]
    if updates:
        _rows().bulk_write(updates, ordered=False)


def read(visible: Filter, session_id: str, participant_id: str, *, etag: str = "") -> Row:
    """One row. Raises NotFound, also for somebody that the caller may not see, and Aborted for another etag."""
    row = _rows().find_one({"$and": [{"_id": f"{session_id}/{participant_id}"}, visible.query]})
    if row is None:
        raise NotFound("There is no such resource.")
    if etag and etag != etag_of(row):
        raise Aborted("It was changed by somebody else since you read it. Read it again and repeat.")
    return row


def find(visible: Filter, query: Mapping[str, Any], page_size: int, page_token: str) -> tuple[Page, int]:
    """One page of rows by name, and how many there are in all pages."""
    wanted = {"$and": [visible.query, query]}
    size = paging.size(page_size)
    behind = {"$and": [wanted, paging.after(page_token, wanted, _BY_NAME)]}
    rows = list(_rows().find(behind).sort(list(_BY_NAME)).limit(size + 1))
    token = paging.token(rows[size - 1], wanted, _BY_NAME) if len(rows) > size else ""
    return Page(rows[:size], token), _rows().count_documents(wanted)


def waiting_positions(session_id: str) -> dict[str, int]:
    """Place in the waiting list from 1, by the id of a participant."""
    rows = _rows().find({"session_id": session_id, "state": "waiting"}, {"participant_id": 1})
    return {row["participant_id"]: place for place, row in enumerate(rows.sort([("enrolled_at", 1), ("_id", 1)]), 1)}


def etag_of(row: Mapping[str, Any]) -> str:
    """The etag of a row (AIP-154)."""
    return f'"{row["version"]}"'


def revive(row: Mapping[str, Any]) -> Participant:
    """The participant that a row, or the parts of it that were read, describes."""
    employer = row["employer"]
    reason = row.get("withdraw_reason")
    return Participant(
        row["participant_id"],
        Identity(
            row["full_name"],
            Sex(row["sex"]),
            Role(row["role"]),
            Employer(EmployerKind(employer["kind"]), employer["factory_id"], employer["organisation"]),
        ),
        ParticipantState(row["state"]),
        row["enrolled_at"],
        row.get("placed_at"),
        WithdrawReason(reason) if reason else None,
        {date.fromisoformat(day): _kept(value) for day, value in row.get(ATTENDANCE, {}).items()},
        {TestKind(kind): _kept(value) for kind, value in row.get(SCORES, {}).items()},
        row.get("completed"),
        row.get("days_present", 0),
        row.get("certificate", ""),
        {OutcomeKind(kind): _kept(value) for kind, value in row.get(OUTCOMES, {}).items()},
    )


def _update(session: Session, person: Participant, parts: tuple[str, ...]) -> UpdateOne:
    identity, employer = person.identity, person.identity.employer
    to_set: Row = {
        "session_id": session.id,
        "participant_id": person.id,
        "country": session.plan.country,
        "hours_per_day": session.terms.hours_per_day,
        "course_id": session.terms.course_id,
        "full_name": identity.full_name,
        "sort_name": plain_name(identity.full_name),
        "sex": identity.sex.value,
        "role": identity.role.value,
        "employer": {
            "kind": employer.kind.value,
            "factory_id": employer.factory_id,
            "organisation": employer.organisation,
        },
        "state": person.state.value,
        "enrolled_at": person.enrolled_at,
        "placed_at": person.placed_at,
        "withdraw_reason": person.withdraw_reason.value if person.withdraw_reason else None,
        "completed": person.completed,
        "days_present": person.days_present,
        "certificate": person.certificate,
        "settled_on": session.last_day.isoformat() if person.completed is not None else None,
    }
    for part in parts:
        to_set[part] = _part(person, part)
    return UpdateOne({"_id": f"{session.id}/{person.id}"}, {"$set": to_set, "$inc": {"version": 1}}, upsert=True)


def _part(person: Participant, part: str) -> Row:
    whole, _, day = part.partition(".")
    if day:
        return _stored(person.attendance[date.fromisoformat(day)])
    if whole == ATTENDANCE:
        return {each.isoformat(): _stored(kept) for each, kept in person.attendance.items()}
    kept_by: Mapping[Any, Kept] = person.scores if whole == SCORES else person.outcomes
    return {kind.value: _stored(kept) for kind, kept in kept_by.items()}


def _stored(kept: Kept) -> Row:
    row = _record_row(kept.record)
    if kept.superseded:
        row["old"] = [_record_row(one) for one in kept.superseded]
    return row


def _record_row(record: Record) -> Row:
    """Naive times (in UTC, as all are): the driver encodes many of them faster."""
    return {
        "op": record.operation_id,
        "v": record.value,
        "at": record.recorded_at.replace(tzinfo=None),
        "in": record.entered_at.replace(tzinfo=None),
        "by": record.author,
    }


def _kept(row: Mapping[str, Any]) -> Kept:
    return Kept(_record(row), tuple(_record(one) for one in row.get("old", ())))


def _record(row: Mapping[str, Any]) -> Record:
    return Record(row["op"], row["v"], row["at"], row["in"], row["by"])


def _rows() -> Table[Row]:
    return db()[PARTICIPANTS]
