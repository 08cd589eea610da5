"""Give an organisation consent to see one scope of a factory."""

from dataclasses import dataclass
from datetime import datetime

from chassis import access, clock
from chassis.due_work import deadlines
from chassis.errors import Invalid, NotFound
from chassis.identity import Identity
from programme import live_consents
from programme.access import visible
from programme.domain.consent_grant import ConsentGrant, Scope, Terms
from programme.storage import consent_grants, factories, organisations

EXPIRY = "consent-expiry"
"""Kind of the due work that ends a grant; its key is the grant's id."""


@dataclass(frozen=True)
class GrantConsent:
    """`starts_at` None is now. `evidence` is required of an officer, who acts for the factory."""

    grant_id: str
    factory_id: str
    organisation_id: str
    scope: Scope
    starts_at: datetime | None
    ends_at: datetime
    evidence: str = ""


def grant_consent(command: GrantConsent, caller: Identity) -> None:
    """Raises NotFound, Denied, Invalid, ConsentAlreadyLive, and AlreadyExists when the id is taken."""
    now = clock.now()
    factory = factories.read(visible(caller, "factory"), command.factory_id, {"country": 1})
    access.may(caller, "GrantConsent", {"country": factory["country"], "factory_id": command.factory_id})
    try:
        organisations.read(visible(caller, "organisation"), command.organisation_id, {"_id": 1})
    except NotFound:
        raise Invalid.field("organisation", "is not a registered organisation") from None
    terms = Terms(command.factory_id, command.organisation_id, command.scope, command.starts_at or now, command.ends_at)
    grant = ConsentGrant.grant(
        command.grant_id,
        factory["country"],
        terms,
        by=caller.subject,
        on_behalf=command.factory_id not in caller.values("factory"),
        evidence=command.evidence,
        now=now,
    )
    live_consents.keep(grant, now)
    consent_grants.add(grant)
    deadlines.set(EXPIRY, grant.id, terms.ends_at)
