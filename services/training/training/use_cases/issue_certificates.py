"""A training officer issues certificates to those who completed a session."""

import secrets
from dataclasses import dataclass

from chassis import clock
from chassis.access import filter
from chassis.identity import Identity
from training import certificates, participants
from training.domain import certificate_number
from training.domain.certificate import Wanted, entitled, issue
from training.domain.session import Session
from training.storage import sessions


@dataclass(frozen=True)
class IssueCertificates:
    """For whom, under which number; for nobody means for everybody who is entitled."""

    session_id: str
    wanted: tuple[Wanted, ...]


def issue_certificates(command: IssueCertificates, caller: Identity) -> tuple[Session, int]:
    """How many. All are issued or none. Raises NotFound, WrongState or InvalidRows."""
    session = sessions.get(filter(caller, "session-to-change"), command.session_id)
    people = participants.roster(session.id)
    wanted = command.wanted or entitled(people, certificates.withheld_in(session.id))
    numbers = {certificate_number.read(one.number) or "" for one in wanted} - {""}
    made = issue(
        session,
        people,
        wanted,
        certificates.used(numbers),
        secrets.choice,
        actor=caller.subject,
        now=clock.now(),
    )
    certificates.add(made)
    participants.save(session, people)
    sessions.save(session)
    return session, len(made)
