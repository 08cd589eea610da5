"""An officer enrols people, or a factory its own; whoever finds no place may wait."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis import access, clock
from chassis.access import filter
from chassis.errors import Denied
from chassis.identity import Identity
from training import participants
from training.domain.enrolment import Candidate, Enrolled, enrol
from training.domain.errors import InvalidRows, Problem
from training.domain.people import EmployerKind
from training.domain.session import Session
from training.read_models import factories
from training.storage import sessions


@dataclass(frozen=True)
class EnrolParticipants:
    """1 to 500 people under ids that the client chose, each harmless to repeat."""

    session_id: str
    candidates: tuple[Candidate, ...]
    may_wait: bool


def enrol_participants(command: EnrolParticipants, caller: Identity) -> tuple[Session, Enrolled]:
    """All are enrolled or none. Raises NotFound, WrongState, InvalidRows or OverCapacity."""
    session = sessions.get(filter(caller, "session-to-enrol"), command.session_id)
    _require_employers(command.candidates, session, caller)
    people = participants.roster(session.id, participants.ATTENDANCE)
    done = enrol(session, people, command.candidates, may_wait=command.may_wait, actor=caller.subject, now=clock.now())
    participants.save(session, people)
    sessions.save(session)
    return session, done


def _require_employers(candidates: Iterable[Candidate], session: Session, caller: Identity) -> None:
    """Factories are of the session's country, and a factory enrols its own people only."""
    employers = [one.identity.employer for one in candidates]
    asked = {one.factory_id for one in employers if one.kind is EmployerKind.FACTORY and one.factory_id}
    unknown = factories.unknown(asked, session.plan.country)
    problems = []
    for index, employer in enumerate(employers):
        field = f"participants[{index}].employer"
        if employer.factory_id in unknown:
            problems.append(Problem(f"{field}.factory", "TRAINING_FACTORY_UNKNOWN", "is no factory of the country"))
        elif not _may_enrol(caller, session, employer.factory_id):
            problems.append(Problem(field, "EMPLOYER_INVALID", "is not the factory that you enrol people for"))
    if problems:
        raise InvalidRows(problems)


def _may_enrol(caller: Identity, session: Session, factory_id: str) -> bool:
    resource = {"plan.country": session.plan.country, "factory_id": factory_id}
    try:
        access.may(caller, "EnrolParticipants", resource)
    except Denied:
        return False
    return True
