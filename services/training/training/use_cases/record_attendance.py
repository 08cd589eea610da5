"""A training officer records attendance: of one or of everybody, at once or late, and corrects it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import participants
from training.domain.attendance import Operation
from training.domain.attendance import record_attendance as record
from training.domain.session import Session
from training.storage import sessions


@dataclass(frozen=True)
class RecordAttendance:
    """1 to 500 operations, each harmless to repeat; they are made once it is known when they came."""

    session_id: str
    operations: Callable[[datetime], tuple[Operation, ...]]


def record_attendance(command: RecordAttendance, caller: Identity) -> tuple[Session, int]:
    """How many records hold now and did not. All are recorded or none. Raises NotFound, WrongState or InvalidRows."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id)
    now = clock.now()
    operations = command.operations(now)
    days = sorted({operation.day for operation in operations} & set(session.plan.days))
    people = participants.roster(session.id, *map(participants.on, days))
    changed = record(session, people, operations, caller.subject, now)
    participants.save_days(session, people, days)
    sessions.save(session)
    return session, changed
