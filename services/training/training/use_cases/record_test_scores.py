"""A training officer writes down scores of the tests before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import participants
from training.domain.scores import ScoreOperation, record_scores
from training.storage import sessions


@dataclass(frozen=True)
class RecordTestScores:
    """1 to 500 operations, each harmless to repeat; they are made once it is known when they came."""

    session_id: str
    operations: Callable[[datetime], tuple[ScoreOperation, ...]]


def record_test_scores(command: RecordTestScores, caller: Identity) -> int:
    """How many scores hold now and did not. All are recorded or none. Raises NotFound, WrongState or InvalidRows."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id)
    now = clock.now()
    people = participants.roster(session.id, participants.SCORES)
    changed = record_scores(session, people, command.operations(now), caller.subject, now)
    participants.save(session, people, participants.SCORES)
    sessions.save(session)
    return changed
