"""Who gets a place: first come, first served; the others wait, and move up when a place becomes free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.domain import facts
from training.domain.errors import InvalidRows, OverCapacity, Problem, WrongState
from training.domain.participant import Identity, Participant, ParticipantState, WithdrawReason
from training.domain.records import CLOCK_TOLERANCE
from training.domain.roster import Roster
from training.domain.session import Session, SessionState


@dataclass(frozen=True)
class Candidate:
    """Somebody to be enrolled, under an id that the client chose; `asked_at` None is now."""

    participant_id: str
    identity: Identity
    asked_at: datetime | None = None


@dataclass(frozen=True)
class Enrolled:
    """What became of candidates: how many got a place, who waits (in the order given), how many were known."""

    placed: int
    waiting: tuple[str, ...]
    unchanged: int


def enrol(
    session: Session, roster: Roster, candidates: Sequence[Candidate], *, may_wait: bool, actor: str, now: datetime
) -> Enrolled:
    """Enrols all of them or none. Raises WrongState, InvalidRows, or OverCapacity where nobody may wait."""
    session.require(SessionState.SCHEDULED)
    if problems := problems_of(session, roster, candidates, now):
        raise InvalidRows(problems)
    fresh = [(index, one) for index, one in enumerate(candidates) if roster.get(one.participant_id) is None]
    placed, late = fresh[: session.places_left], fresh[session.places_left :]
    if late and not may_wait:
        fields = [f"participants[{index}]" for index, _ in late]
        raise OverCapacity(f"{session.plan.capacity} people can take part; {len(late)} find no place", fields)
    for _, one in placed:
        asked_at = one.asked_at or now
        roster.add(Participant(one.participant_id, one.identity, ParticipantState.ENROLLED, asked_at, now))
    for _, one in late:
        roster.add(Participant(one.participant_id, one.identity, ParticipantState.WAITING, one.asked_at or now))
    if fresh:
        session.count(roster)
        session.record(facts.EnrolmentsChanged, actor, now, promoted=0)
    waiting = tuple(one.participant_id for _, one in late)
    return Enrolled(len(placed), waiting, len(candidates) - len(fresh))


def problems_of(session: Session, roster: Roster, candidates: Sequence[Candidate], now: datetime) -> list[Problem]:
    """Every wrong field of the rows; rows name people by their place in the request only."""
    found: list[Problem] = []
    seen: set[str] = set()
    for index, one in enumerate(candidates):
        known = roster.get(one.participant_id)
        if one.participant_id in seen:
            found.append(_at(index, "participant_id", "PARTICIPANT_ID_REUSED", "comes twice in this request"))
        elif known is not None and known.identity != one.identity:
            found.append(_at(index, "participant_id", "PARTICIPANT_ID_REUSED", "was used for another person"))
        seen.add(one.participant_id)
        if not one.identity.employer.sound:
            text = "is a factory by its name in the programme, or any other employer in words"
            found.append(_at(index, "employer", "EMPLOYER_INVALID", text))
        if one.asked_at is not None and one.asked_at > now + CLOCK_TOLERANCE:
            found.append(_at(index, "enrol_time", "RECORD_TIME_INVALID", "is in the future"))
        elif one.asked_at is not None and one.asked_at < session.scheduled_at - CLOCK_TOLERANCE:
            found.append(_at(index, "enrol_time", "RECORD_TIME_INVALID", "is before the session was scheduled"))
    return found


def withdraw(
    session: Session, roster: Roster, participant_id: str, reason: WithdrawReason, *, actor: str, now: datetime
) -> list[str]:
    """Takes somebody out; the ids of those who waited and have a place now. Raises WrongState."""
    session.require(SessionState.SCHEDULED)
    person = roster.get(participant_id)
    if person is None or person.state is ParticipantState.WITHDRAWN:
        raise WrongState("the person has withdrawn already")
    person.state = ParticipantState.WITHDRAWN
    person.withdraw_reason = reason
    roster.touch(person)
    return fill_places(session, roster, actor, now)


def fill_places(session: Session, roster: Roster, actor: str, now: datetime) -> list[str]:
    """Gives free places to those who wait, the first one first; their ids. Brings the session's counts up to date."""
    session.count(roster)
    promoted = roster.waiting[: session.places_left]
    for person in promoted:
        person.state = ParticipantState.ENROLLED
        person.placed_at = now
        roster.touch(person)
    session.count(roster)
    session.record(facts.EnrolmentsChanged, actor, now, promoted=len(promoted))
    return [person.id for person in promoted]


def _at(index: int, field: str, reason: str, description: str) -> Problem:
    return Problem(f"participants[{index}].{field}", reason, description)
