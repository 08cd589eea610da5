"""Somebody does not take part; the first who waits gets the place."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import participants
from training.domain.enrolment import withdraw
from training.domain.participant import WithdrawReason
from training.domain.session import Session
from training.storage import sessions


@dataclass(frozen=True)
class WithdrawParticipant:
    """Why, as a code."""

    session_id: str
    participant_id: str
    reason: WithdrawReason
    etag: str = ""


def withdraw_participant(command: WithdrawParticipant, caller: Identity) -> tuple[Session, list[str]]:
    """The session, and the ids of those who have a place now. Raises NotFound, Aborted or WrongState."""
    visible = filter(caller, "participant-to-change")
    participants.read(visible, command.session_id, command.participant_id, etag=command.etag)
    session = sessions.get(filter(caller, "session-to-enrol"), command.session_id)
    people = participants.roster(session.id, participants.ATTENDANCE)
    promoted = withdraw(session, people, command.participant_id, command.reason, actor=caller.subject, now=clock.now())
    participants.save(session, people)
    sessions.save(session)
    return session, promoted
