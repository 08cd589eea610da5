"""Take a consent back, from now on."""

from dataclasses import dataclass

from chassis import access, clock
from chassis.due_work import deadlines
from chassis.identity import Identity
from programme import live_consents
from programme.access import visible
from programme.storage import consent_grants
from programme.use_cases.grant_consent import EXPIRY


@dataclass(frozen=True)
class WithdrawConsent:
    """Which grant."""

    grant_id: str
    etag: str = ""


def withdraw_consent(command: WithdrawConsent, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, and ConsentWrongState when it is over already."""
    grant = consent_grants.get(visible(caller, "consent-grant"), command.grant_id, etag=command.etag)
    access.may(caller, "WithdrawConsent", {"country": grant.country, "factory_id": grant.terms.factory_id})
    grant.withdraw(caller.subject, clock.now())
    consent_grants.save(grant)
    live_consents.forget(grant)
    deadlines.cancel(EXPIRY, grant.id)
