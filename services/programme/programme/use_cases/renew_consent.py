"""Move the end of a live consent to a later time."""

from dataclasses import dataclass
from datetime import datetime

from chassis import access, clock
from chassis.due_work import deadlines
from chassis.identity import Identity
from programme import live_consents
from programme.access import visible
from programme.storage import consent_grants
from programme.use_cases.grant_consent import EXPIRY


@dataclass(frozen=True)
class RenewConsent:
    """Which grant, and its end from now on. `evidence` is required of an officer, who acts for the factory."""

    grant_id: str
    ends_at: datetime
    evidence: str = ""
    etag: str = ""


def renew_consent(command: RenewConsent, caller: Identity) -> None:
    """Raises NotFound, Denied, Aborted for a stale etag, ConsentWrongState when it is over, and InvalidFields."""
    now = clock.now()
    grant = consent_grants.get(visible(caller, "consent-grant"), command.grant_id, etag=command.etag)
    factory_id = grant.terms.factory_id
    access.may(caller, "RenewConsent", {"country": grant.country, "factory_id": factory_id})
    on_behalf = factory_id not in caller.values("factory")
    grant.renew(command.ends_at, by=caller.subject, on_behalf=on_behalf, evidence=command.evidence, now=now)
    live_consents.move_end(grant)
    consent_grants.save(grant)
    deadlines.set(EXPIRY, grant.id, grant.terms.ends_at)
