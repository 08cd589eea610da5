"""Certificates of those who completed a session."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from training.domain import certificate_number, facts
from training.domain.errors import CertificateRevoked, InvalidRows, Problem
from training.domain.participant import Participant
from training.domain.people import head_counts
from training.domain.roster import Roster
from training.domain.session import Session, SessionState


class CertificateState(StrEnum):
    """Whether a certificate holds."""

    VALID = "valid"
    REVOKED = "revoked"


class RevokeReason(StrEnum):
    """Why a certificate was revoked."""

    ATTENDANCE_WRONG = "attendance_wrong"
    HOLDER_WRONG = "holder_wrong"
    FRAUD = "fraud"
    REPLACED = "replaced"


WITHHOLDING = frozenset({RevokeReason.ATTENDANCE_WRONG, RevokeReason.HOLDER_WRONG, RevokeReason.FRAUD})
"""Reasons after which only a request that names the person issues another certificate."""


@dataclass
class Certificate:
    """`number` is also its id; `holder_name` the name that the participant had then."""

    number: str
    session_id: str
    participant_id: str
    course_id: str
    country: str
    factory_id: str
    holder_name: str
    session_last_day: date
    issued_at: datetime
    state: CertificateState = CertificateState.VALID
    revoke_reason: RevokeReason | None = None
    revoked_at: datetime | None = None

    def revoke(self, reason: RevokeReason, now: datetime) -> None:
        """Ends it; its number stays used. Raises CertificateRevoked."""
        if self.state is CertificateState.REVOKED:
            raise CertificateRevoked("this certificate is revoked already")
        self.state, self.revoke_reason, self.revoked_at = CertificateState.REVOKED, reason, now

    def is_held_by(self, name: str) -> bool:
        """Whether somebody of this name holds it; case, spaces and accents do not matter."""
        return plain_name(name) == plain_name(self.holder_name)


@dataclass(frozen=True)
class Wanted:
    """A certificate for somebody, under the number of a printed form or a fresh one (empty)."""

    participant_id: str
    number: str = ""


def plain_name(name: str) -> str:
    """A name without case, accents, and more than one space."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(one for one in parts if not unicodedata.combining(one)).split())


def withheld(revoked: Iterable[Certificate]) -> set[str]:
    """Participants whose latest of these revoked certificates was revoked for a reason that withholds another one."""
    latest: dict[str, Certificate] = {}
    for one in sorted(revoked, key=lambda one: (one.revoked_at or one.issued_at, one.number)):
        latest[one.participant_id] = one
    return {id for id, one in latest.items() if one.revoke_reason in WITHHOLDING}


def entitled(roster: Roster, withheld_from: Collection[str]) -> list[Wanted]:
    """Everybody who completed and holds none, but those from whom it is withheld."""
    people = (person for person in roster if person.completed and not person.certificate)
    return [Wanted(person.id) for person in people if person.id not in withheld_from]


def issue(
    session: Session,
    roster: Roster,
    wanted: Sequence[Wanted],
    used: Collection[str],
    choose: Callable[[str], str],
    *,
    actor: str,
    now: datetime,
) -> list[Certificate]:
    """Issues all of them or none. `used` are the numbers among those asked for that exist. Raises InvalidRows."""
    session.require(SessionState.COMPLETED)
    if problems := problems_of(roster, wanted, used):
        raise InvalidRows(problems)
    made = []
    for one in wanted:
        person = roster.get(one.participant_id)
        assert person is not None
        number = certificate_number.read(one.number) or certificate_number.make(choose)
        made.append(_certificate(session, person, number, now))
        person.certificate = number
        roster.touch(person)
    if made:
        session.certificates += len(made)
        session.record(facts.CertificatesIssued, actor, now, issued=head_counts(roster.touched))
    return made


def _certificate(session: Session, person: Participant, number: str, now: datetime) -> Certificate:
    return Certificate(
        number,
        session.id,
        person.id,
        session.terms.course_id,
        session.plan.country,
        person.identity.employer.factory_id,
        person.identity.full_name,
        session.last_day,
        now,
    )


def problems_of(roster: Roster, wanted: Sequence[Wanted], used: Collection[str]) -> list[Problem]:
    """Every wrong field of the rows."""
    found: list[Problem] = []
    numbers: set[str] = set()
    people: set[str] = set()
    for index, one in enumerate(wanted):
        person = roster.get(one.participant_id)
        if person is None or not person.completed:
            text = "names nobody who completed this session"
            found.append(_at(index, "participant_id", "PARTICIPANT_NOT_COMPLETED", text))
        elif person.certificate or one.participant_id in people:
            found.append(_at(index, "participant_id", "CERTIFICATE_HELD", "has a valid certificate of this session"))
        people.add(one.participant_id)
        if not one.number:
            continue
        number = certificate_number.read(one.number)
        if number is None:
            text = "is no number of a certificate: its last character does not fit the others"
            found.append(_at(index, "number", "CERTIFICATE_NUMBER_INVALID", text))
        elif number in used or number in numbers:
            found.append(_at(index, "number", "CERTIFICATE_NUMBER_USED", "was used before"))
        numbers.add(number or "")
    return found


def revoke(
    session: Session, person: Participant, certificate: Certificate, reason: RevokeReason, actor: str, now: datetime
) -> None:
    """Ends a certificate; the person may get another one, see `withheld`. Raises CertificateRevoked."""
    certificate.revoke(reason, now)
    person.certificate = ""
    session.certificates -= 1
    session.record(facts.CertificateRevoked, actor, now, participant_id=person.id)


def _at(index: int, field: str, reason: str, description: str) -> Problem:
    return Problem(f"certificates[{index}].{field}", reason, description)
