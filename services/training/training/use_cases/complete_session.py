"""A training officer closes a session: who completed it is computed from the attendance."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import participants
from training.deadlines import set_outcome_deadlines
from training.domain.completion import complete
from training.domain.session import Session
from training.storage import sessions


@dataclass(frozen=True)
class CompleteSession:
    """Closes this session."""

    session_id: str
    etag: str = ""


def complete_session(command: CompleteSession, caller: Identity) -> Session:
    """Raises NotFound, Aborted, WrongState, NotOver or AttendanceMissing."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id, etag=command.etag)
    people = participants.roster(session.id, participants.ATTENDANCE)
    complete(session, people, caller.subject, clock.now())
    set_outcome_deadlines(session)
    participants.save(session, people)
    sessions.save(session)
    return session
