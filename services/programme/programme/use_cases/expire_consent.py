"""End a grant whose time has come; asked for by its deadline alone."""

from dataclasses import dataclass

from chassis import clock
from chassis.access import EVERYTHING
from programme import live_consents
from programme.storage import consent_grants


@dataclass(frozen=True)
class ExpireConsent:
    """Which grant."""

    grant_id: str


def expire_consent(command: ExpireConsent) -> None:
    """A grant that was withdrawn meanwhile stays withdrawn."""
    grant = consent_grants.get(EVERYTHING, command.grant_id)
    if grant.expire(clock.now()):
        consent_grants.save(grant)
        live_consents.forget(grant)
