"""Stored grants and holds as the contract's resources."""

from amplify.programme.v1 import consent_grant_pb2, consent_lists_pb2, hold_pb2
from chassis.database import Row
from chassis.identity import Identity
from programme import access
from programme.domain.consent_grant import Renewal
from programme.domain.consent_terms import Purpose, Scope
from programme.domain.hold import Hold
from programme.domain.organisation import OrganisationKind
from programme.enums import to_contract, to_contract_or_zero
from programme.resources import timestamp
from programme.storage import consent_grants, factory_holds


def consent_grant(raw: Row, caller: Identity) -> consent_grant_pb2.ConsentGrant:
    """A grant; a partner does not see the evidence."""
    stored = consent_grants.revive(raw)
    with_evidence = access.sees_contacts(caller)
    return consent_grant_pb2.ConsentGrant(
        name=f"consentGrants/{stored.id}",
        factory=f"factories/{stored.terms.factory_id}",
        organisation=f"organisations/{stored.terms.organisation_id}",
        scope=to_contract(stored.terms.scope),
        purpose=to_contract_or_zero(stored.terms.purpose),
        fields=stored.terms.fields,
        reference=stored.terms.reference,
        start_time=timestamp(stored.terms.starts_at),
        expire_time=timestamp(stored.terms.ends_at),
        state=to_contract(stored.state),
        country=stored.country,
        granted_by=stored.granted_by,
        evidence=stored.evidence if with_evidence else "",
        grant_time=timestamp(stored.granted_at),
        end_time=timestamp(stored.ended_at),
        ended_by=stored.ended_by,
        renewals=[_renewal(renewal, with_evidence) for renewal in stored.renewals],
        etag=consent_grants.etag(raw),
    )


def factory_consent(raw: Row, caller: Identity, organisation: Row) -> consent_lists_pb2.FactoryConsent:
    """A grant with the organisation that holds it."""
    return consent_lists_pb2.FactoryConsent(
        consent_grant=consent_grant(raw, caller),
        organisation_display_name=organisation["display_name"],
        organisation_kind=to_contract(OrganisationKind(organisation["kind"])),
    )


def live_consent(row: Row) -> consent_lists_pb2.LiveConsent:
    """A row of the table of live consents."""
    purpose = row.get("purpose")
    return consent_lists_pb2.LiveConsent(
        consent_grant=f"consentGrants/{row['grant_id']}",
        factory=f"factories/{row['factory_id']}",
        organisation=f"organisations/{row['organisation_id']}",
        scope=to_contract(Scope(row["scope"])),
        purpose=to_contract_or_zero(Purpose(purpose) if purpose else None),
        fields=row.get("fields", ()),
        reference=row.get("reference", ""),
        start_time=timestamp(row["starts_at"]),
        expire_time=timestamp(row["ends_at"]),
    )


def hold(raw: Row, hold_id: str) -> hold_pb2.Hold:
    """One hold out of its factory's document, for a manager of its country."""
    stored = factory_holds.revive(raw)
    return _hold(stored.id, stored.country, stored.hold(hold_id), factory_holds.etag(raw))


def listed_hold(row: Row) -> hold_pb2.Hold:
    """One row of the list of holds: the factory's document with this one hold."""
    return hold(row | {"holds": [row["holds"]]}, row["holds"]["id"])


def _hold(factory_id: str, country: str, stored: Hold, etag: str) -> hold_pb2.Hold:
    return hold_pb2.Hold(
        name=f"factories/{factory_id}/holds/{stored.id}",
        country=country,
        cause=to_contract(stored.cause),
        cause_text=stored.cause_text,
        state=to_contract(stored.state),
        place_time=timestamp(stored.placed_at),
        placed_by=stored.placed_by,
        lift_time=timestamp(stored.lifted_at),
        lifted_by=stored.lifted_by,
        lift_text=stored.lift_text,
        etag=etag,
    )


def _renewal(renewal: Renewal, with_evidence: bool) -> consent_grant_pb2.ConsentRenewal:
    return consent_grant_pb2.ConsentRenewal(
        renew_time=timestamp(renewal.at),
        previous_expire_time=timestamp(renewal.ended_at),
        expire_time=timestamp(renewal.ends_at),
        renewed_by=renewal.by,
        evidence=renewal.evidence if with_evidence else "",
    )
