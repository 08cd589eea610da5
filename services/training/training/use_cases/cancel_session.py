"""A training officer calls a session off that nobody has attended."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training.domain.session import Session, SessionCancelReason
from training.storage import sessions


@dataclass(frozen=True)
class CancelSession:
    """Why, as a code."""

    session_id: str
    reason: SessionCancelReason
    etag: str = ""


def cancel_session(command: CancelSession, caller: Identity) -> Session:
    """Raises NotFound, Aborted or WrongState."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id, etag=command.etag)
    session.cancel(command.reason, caller.subject, clock.now())
    sessions.save(session)
    return session
