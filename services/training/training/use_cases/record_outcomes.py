"""A training officer writes down what came of a training months later."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import participants
from training.deadlines import cancel_outcome_deadlines
from training.domain.following import OutcomeOperation
from training.domain.following import record_outcomes as record
from training.domain.session import Session
from training.storage import sessions


@dataclass(frozen=True)
class RecordOutcomes:
    """1 to 500 operations, each harmless to repeat; they are made once it is known when they came."""

    session_id: str
    operations: Callable[[datetime], tuple[OutcomeOperation, ...]]


def record_outcomes(command: RecordOutcomes, caller: Identity) -> tuple[Session, int]:
    """How many outcomes hold now and did not. All are recorded or none. Raises NotFound, WrongState or InvalidRows."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id)
    now = clock.now()
    people = participants.roster(session.id, participants.OUTCOMES)
    changed = record(session, people, command.operations(now), caller.subject, now)
    if not session.outcomes_missing:
        cancel_outcome_deadlines(session.id)
    participants.save(session, people, participants.OUTCOMES)
    sessions.save(session)
    return session, changed
