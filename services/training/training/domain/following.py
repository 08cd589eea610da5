"""What came of a training months later, person by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.domain import facts
from training.domain.errors import InvalidRows, Problem
from training.domain.outcomes import OutcomeKind
from training.domain.people import head_counts
from training.domain.recording import Stamp, at, contradicting, repeated, untimely
from training.domain.records import merge
from training.domain.roster import Roster
from training.domain.session import Session, SessionState


@dataclass(frozen=True)
class OutcomeOperation:
    """One outcome of one person."""

    stamp: Stamp
    participant_id: str
    kind: OutcomeKind
    value: int


def record_outcomes(
    session: Session, roster: Roster, operations: Sequence[OutcomeOperation], actor: str, now: datetime
) -> int:
    """Records all outcomes or none; how many hold now and did not. Raises WrongState or InvalidRows."""
    session.require(SessionState.COMPLETED)
    if problems := problems_of(session, roster, operations):
        raise InvalidRows(problems)
    changed: dict[OutcomeKind, int] = {}
    for operation in operations:
        person = roster.get(operation.participant_id)
        record = operation.stamp.record(operation.value)
        kept = merge(person.outcomes.get(operation.kind), record) if person else None
        if person is None or kept is None:
            continue
        person.outcomes[operation.kind] = kept
        roster.touch(person)
        if kept.record is record:
            changed[operation.kind] = changed.get(operation.kind, 0) + 1
    session.outcomes_missing = missing(session, roster)
    for kind in (one for one in OutcomeKind if one in changed):
        _tell(session, roster, kind, actor, now)
    return sum(changed.values())


def missing(session: Session, roster: Roster) -> int:
    """How many who completed lack an outcome that is asked for."""
    asked = session.terms.outcome_kinds
    return sum(1 for person in roster if person.completed and any(kind not in person.outcomes for kind in asked))


def _tell(session: Session, roster: Roster, kind: OutcomeKind, actor: str, now: datetime) -> None:
    known = [person for person in roster if kind in person.outcomes]
    improved = [person for person in known if person.outcomes[kind].value > 0]
    session.record(
        facts.OutcomesRecorded, actor, now, kind=kind, known=head_counts(known), improved=head_counts(improved)
    )


_FIELDS = {
    OutcomeKind.PROMOTION: "promoted",
    OutcomeKind.PAY_CHANGE: "pay_change_permille",
    OutcomeKind.LINE_EFFICIENCY: "line_efficiency_change_permille",
}


def problems_of(session: Session, roster: Roster, operations: Sequence[OutcomeOperation]) -> list[Problem]:
    """Every wrong field of the operations."""
    found = repeated([operation.stamp for operation in operations])
    settled_at = session.completed_at or session.scheduled_at
    for index, operation in enumerate(operations):
        found += untimely(index, operation.stamp, settled_at)
        if operation.kind not in session.terms.outcome_kinds:
            text = "the course asks for no outcomes of this kind"
            found.append(at(index, _FIELDS[operation.kind], "OUTCOME_NOT_ASKED", text))
        person = roster.get(operation.participant_id)
        if person is None or not person.completed:
            text = "names nobody who completed this session"
            found.append(at(index, "participant_id", "PARTICIPANT_NOT_COMPLETED", text))
        else:
            record = operation.stamp.record(operation.value)
            found += contradicting(index, person.outcomes.get(operation.kind), record)
    return found
