"""Attendance by day: single or of everybody, at once or late, with what was corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from training.domain import facts
from training.domain.days import local_day, start_of_day
from training.domain.errors import InvalidRows, Problem
from training.domain.participant import Participant
from training.domain.people import total
from training.domain.recording import Stamp, at, contradicting, repeated, untimely
from training.domain.records import CLOCK_TOLERANCE, Record, merge
from training.domain.roster import Roster
from training.domain.session import Session, SessionState, merge_days


@dataclass(frozen=True)
class Operation:
    """Attendance on one day: of `one` (who is present or not), or of everybody but the `absent`.

    Everybody is whoever had a place when it was written down, so that it says the same whenever it arrives.
    """

    stamp: Stamp
    day: date
    one: tuple[str, bool] | None = None
    absent: frozenset[str] = frozenset()

    def records(self, roster: Roster) -> Iterator[tuple[Participant, Record]]:
        """What it says of whom."""
        if self.one is not None:
            participant_id, present = self.one
            person = roster.get(participant_id)
            if person is not None:
                yield person, self.stamp.record(int(present))
            return
        for person in roster.enrolled:
            named = person.id in self.absent
            if named or (person.placed_at or self.stamp.entered_at) <= self.stamp.recorded_at + CLOCK_TOLERANCE:
                yield person, self.stamp.record(int(not named))

    def named(self) -> set[str]:
        """Whom it names."""
        return {self.one[0]} if self.one is not None else set(self.absent)


def record_attendance(
    session: Session, roster: Roster, operations: Sequence[Operation], actor: str, now: datetime
) -> int:
    """Records all operations or none; how many records hold now and did not. Any order and repetition gives the same.

    The roster holds the attendance of the days at hand. Raises WrongState or InvalidRows.
    """
    session.require(SessionState.SCHEDULED)
    if problems := problems_of(session, roster, operations, now):
        raise InvalidRows(problems)
    changed: dict[date, int] = {}
    late: set[date] = set()
    for operation in operations:
        after = local_day(operation.stamp.recorded_at, session.plan.time_zone) > session.last_day
        for person, record in operation.records(roster):
            kept = merge(person.attendance.get(operation.day), record)
            if kept is None:
                continue
            person.attendance[operation.day] = kept
            roster.touch(person)
            if kept.record is record:
                changed[operation.day] = changed.get(operation.day, 0) + 1
                late |= {operation.day} if after else set()
    for day in sorted(changed):
        _tell(session, roster, day, day in late, actor, now)
    return sum(changed.values())


def _tell(session: Session, roster: Roster, day: date, late: bool, actor: str, now: datetime) -> None:
    missing = roster.missing_on(day)
    still_open = set(session.open_days) - {day} | ({day} if missing else set())
    session.open_days = tuple(sorted(still_open))
    session.attended_days = merge_days(session.attended_days, [day])
    present = roster.present_on(day)
    absent = len(roster.enrolled) - missing - total(present)
    session.record(
        facts.AttendanceRecorded, actor, now, day=day, present=present, absent=absent, missing=missing, late=late
    )


def problems_of(session: Session, roster: Roster, operations: Sequence[Operation], now: datetime) -> list[Problem]:
    """Every wrong field of the operations."""
    found = repeated([operation.stamp for operation in operations])
    today, days = session.today(now), set(session.plan.days)
    for index, operation in enumerate(operations):
        if operation.day not in days:
            text = f"{operation.day} is not a day of the session"
            found.append(at(index, "day", "DAY_NOT_OF_SESSION", text))
        elif operation.day > today:
            found.append(at(index, "day", "DAY_IN_FUTURE", f"{operation.day} has not come yet; it is {today} there"))
        else:
            began = start_of_day(operation.day, session.plan.time_zone)
            found += untimely(index, operation.stamp, began)
        found += _wrong_people(index, operation, roster)
    return found


def _wrong_people(index: int, operation: Operation, roster: Roster) -> list[Problem]:
    found = []
    field = "one.participant_id" if operation.one is not None else "everybody.absent_participant_ids"
    for participant_id in sorted(operation.named()):
        person = roster.get(participant_id)
        if person is None or not person.has_place:
            found.append(at(index, field, "PARTICIPANT_NOT_ENROLLED", "names somebody who has no place here"))
    for person, record in operation.records(roster):
        found += contradicting(index, person.attendance.get(operation.day), record)
    return found
