"""A training officer moves a session to other days."""

from dataclasses import dataclass
from datetime import date

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training.domain.session import Session
from training.storage import sessions


@dataclass(frozen=True)
class RescheduleSession:
    """All days that it has from now on."""

    session_id: str
    days: tuple[date, ...]
    etag: str = ""


def reschedule_session(command: RescheduleSession, caller: Identity) -> Session:
    """Raises NotFound, Aborted, WrongState or InvalidDays."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id, etag=command.etag)
    session.reschedule(command.days, caller.subject, clock.now())
    sessions.save(session)
    return session
