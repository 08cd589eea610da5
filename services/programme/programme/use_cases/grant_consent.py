"""Give an organisation consent to see one scope of a factory, for a purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis import access, clock
from chassis.database import Row
from chassis.due_work import deadlines
from chassis.errors import Invalid, NotFound
from chassis.identity import Identity
from programme import live_consents
from programme.access import visible
from programme.domain.consent_grant import ConsentGrant
from programme.domain.consent_terms import ONLY_PURPOSES, Purpose, Scope, Terms
from programme.domain.organisation import OrganisationKind
from programme.storage import consent_grants, factories, organisations

EXPIRY = "consent-expiry"
"""Kind of the due work that ends a grant; its key is the grant's id."""

USUAL_PURPOSES: Mapping[OrganisationKind, Purpose] = {
    OrganisationKind.BUYER: Purpose.SUPPLY_CHAIN_DUE_DILIGENCE,
    OrganisationKind.FINANCIER: Purpose.FINANCE_REFERRAL,
    OrganisationKind.MINISTRY: Purpose.GOVERNMENT_SUPERVISION,
    OrganisationKind.RESEARCHER: Purpose.RESEARCH,
}
"""What a grant is for where nothing is said, as the clients of version 0.1 do; a union must say it."""


@dataclass(frozen=True)
class GrantConsent:
    """`starts_at` None is now, `purpose` None what is usual for the scope or the organisation's kind.

    `evidence` is required of an officer, who acts for the factory.
    """

    grant_id: str
    factory_id: str
    organisation_id: str
    scope: Scope
    starts_at: datetime | None
    ends_at: datetime
    evidence: str = ""
    purpose: Purpose | None = None
    fields: tuple[str, ...] = ()
    reference: str = ""


def grant_consent(command: GrantConsent, caller: Identity) -> None:
    """Raises NotFound, Denied, Invalid, ConsentAlreadyLive, and AlreadyExists when the id is taken."""
    now = clock.now()
    factory = factories.read(visible(caller, "factory"), command.factory_id, {"country": 1})
    access.may(caller, "GrantConsent", {"country": factory["country"], "factory_id": command.factory_id})
    organisation = _organisation(command.organisation_id, caller)
    terms = Terms(
        command.factory_id,
        command.organisation_id,
        command.scope,
        command.starts_at or now,
        command.ends_at,
        command.purpose or _usual_purpose(command.scope, organisation),
        command.fields,
        command.reference,
    )
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


def _usual_purpose(scope: Scope, organisation: Row) -> Purpose:
    usual = ONLY_PURPOSES.get(scope) or USUAL_PURPOSES.get(OrganisationKind(organisation["kind"]))
    if usual is None:
        raise Invalid.field("purpose", "say what the organisation may use it for", reason="REQUIRED")
    return usual


def _organisation(organisation_id: str, caller: Identity) -> Row:
    try:
        return organisations.read(visible(caller, "organisation"), organisation_id, {"kind": 1})
    except NotFound:
        raise Invalid.field("organisation", "is not a registered organisation") from None
