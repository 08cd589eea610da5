"""Scores of the tests before and after a training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.domain import facts
from training.domain.days import start_of_day
from training.domain.errors import InvalidRows, Problem
from training.domain.participant import TestKind
from training.domain.recording import Stamp, at, contradicting, repeated, untimely
from training.domain.records import merge
from training.domain.roster import Roster
from training.domain.session import Session, SessionState


@dataclass(frozen=True)
class ScoreOperation:
    """One person's score in one test."""

    stamp: Stamp
    participant_id: str
    kind: TestKind
    score: int


def record_scores(
    session: Session, roster: Roster, operations: Sequence[ScoreOperation], actor: str, now: datetime
) -> int:
    """Records all scores or none, also after the completion; how many hold now and did not.

    Raises WrongState or InvalidRows.
    """
    session.require(SessionState.SCHEDULED, SessionState.COMPLETED)
    if problems := problems_of(session, roster, operations):
        raise InvalidRows(problems)
    changed = 0
    for operation in operations:
        person = roster.get(operation.participant_id)
        record = operation.stamp.record(operation.score)
        kept = merge(person.scores.get(operation.kind), record) if person else None
        if person is None or kept is None:
            continue
        person.scores[operation.kind] = kept
        roster.touch(person)
        changed += kept.record is record
    if roster.touched:
        session.record(facts.TestScoresRecorded, actor, now, changed=changed)
    return changed


def problems_of(session: Session, roster: Roster, operations: Sequence[ScoreOperation]) -> list[Problem]:
    """Every wrong field of the operations."""
    found = repeated([operation.stamp for operation in operations])
    began = start_of_day(session.first_day, session.plan.time_zone)
    best = session.terms.test_max_score
    for index, operation in enumerate(operations):
        found += untimely(index, operation.stamp, began)
        if operation.score > best:
            text = f"is better than the best, {best}" if best else "the course has no tests"
            found.append(at(index, "score", "SCORE_OUT_OF_RANGE", text))
        person = roster.get(operation.participant_id)
        if person is None or not person.has_place:
            text = "names somebody who has no place here"
            found.append(at(index, "participant_id", "PARTICIPANT_NOT_ENROLLED", text))
        else:
            record = operation.stamp.record(operation.score)
            found += contradicting(index, person.scores.get(operation.kind), record)
    return found
