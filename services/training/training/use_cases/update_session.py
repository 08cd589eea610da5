"""A training officer changes place, trainers, capacity or invited factories of a session."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import participants
from training.domain.enrolment import fill_places
from training.domain.session import Session
from training.read_models import factories
from training.storage import sessions


@dataclass(frozen=True)
class UpdateSession:
    """New values by the name of the field: `place`, `trainers`, `capacity`, `invited_factories`."""

    session_id: str
    changes: Mapping[str, object]
    etag: str = ""


def update_session(command: UpdateSession, caller: Identity) -> Session:
    """More places let the waiting list move up.

    Raises NotFound, Aborted, WrongState, OverCapacity, UnknownFactory or FactoryNotActive.
    """
    session = sessions.get(filter(caller, "session-to-change"), command.session_id, etag=command.etag)
    changes = dict(command.changes)
    if "invited_factories" in changes:
        changes["invited_factories"] = _invited(session, changes["invited_factories"], caller)
    people = participants.roster(session.id, participants.ATTENDANCE)
    now = clock.now()
    changed = session.update(changes, people, caller.subject, now)
    if changed and session.waiting and session.places_left:
        fill_places(session, people, caller.subject, now)
        participants.save(session, people)
    sessions.save(session)
    return session


def _invited(session: Session, wanted: object, caller: Identity) -> tuple[str, ...]:
    """Those who are invited, each once; newly invited ones take part in the programme now."""
    assert isinstance(wanted, tuple)
    visible = filter(caller, "factory")
    for index, factory_id in enumerate(wanted):
        if factory_id not in session.plan.invited_factories:
            factories.active(visible, factory_id, session.plan.country, f"invited_factories[{index}]")
    return tuple(sorted(set(wanted) - {session.plan.factory_id}))
