"""A training officer revokes a certificate; its number stays used."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING, filter
from chassis.identity import Identity
from training import certificates, participants
from training.domain.certificate import RevokeReason, revoke
from training.storage import sessions


@dataclass(frozen=True)
class RevokeCertificate:
    """Why, as a code."""

    number: str
    reason: RevokeReason
    etag: str = ""


def revoke_certificate(command: RevokeCertificate, caller: Identity) -> None:
    """Raises NotFound, Aborted or CertificateRevoked."""
    row = certificates.read(filter(caller, "certificate-to-change"), command.number, etag=command.etag)
    certificate = certificates.revive(row)
    session = sessions.get(EVERYTHING, certificate.session_id)
    people = participants.roster(session.id)
    person = people.get(certificate.participant_id)
    assert person is not None
    revoke(session, person, certificate, command.reason, caller.subject, clock.now())
    people.touch(person)
    certificates.save(certificate)
    participants.save(session, people)
    sessions.save(session)
