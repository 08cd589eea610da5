"""Recorded facts as the contract's messages, and the stream that each of them goes to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from google.type.date_pb2 import Date

from amplify.programme.v1 import factory_pb2, hold_events_pb2
from amplify.programme.v1 import programme_events_pb2 as events
from chassis.facts import PRIVATE, Public, Routes, Translate, public
from programme.domain import facts
from programme.domain.consent_grant import ConsentGrant
from programme.domain.country_programme import CountryProgramme
from programme.domain.factory import CloseReason, Factory, SuspendReason
from programme.domain.factory_details import Workers
from programme.domain.hold import FactoryHolds
from programme.domain.organisation import Organisation
from programme.enums import to_contract, to_contract_or_zero


def contract_date(day: date) -> Date:
    """A calendar day as the contract writes it."""
    return Date(year=day.year, month=day.month, day=day.day)


def contract_workers(workers: Workers) -> factory_pb2.Workers:
    """Head counts; what is not known stays unset."""
    return factory_pb2.Workers(total=workers.total, female=workers.female, male=workers.male)


def _country_programme_revised(
    fact: facts.CountryProgrammeRevised, programme: CountryProgramme
) -> events.CountryProgrammeRevised:
    definition = programme.definition
    clocks = [
        events.RevisedClock(kind=clock.kind, days=clock.days, effective_from=contract_date(clock.effective_from))
        for clock in definition.clocks
    ]
    return events.CountryProgrammeRevised(
        country=fact.country,
        display_name=definition.display_name,
        languages=definition.languages,
        time_zone=definition.time_zone,
        clocks=clocks,
    )


def _profile(factory: Factory) -> events.FactoryProfile:
    return events.FactoryProfile(
        display_name=factory.details.name,
        status=to_contract(factory.status),
        assigned_advisor=factory.details.assigned_advisor,
        workers=contract_workers(factory.details.workers),
    )


def _factory_enrolled(fact: facts.FactoryEnrolled, factory: Factory) -> events.FactoryEnrolled:
    return events.FactoryEnrolled(factory_id=fact.factory_id, country=factory.country, profile=_profile(factory))


def _factory_updated(fact: facts.FactoryUpdated, factory: Factory) -> events.FactoryUpdated:
    return events.FactoryUpdated(
        factory_id=fact.factory_id, country=factory.country, profile=_profile(factory), changed=fact.changed
    )


def _factory_suspended(fact: facts.FactorySuspended, factory: Factory) -> events.FactorySuspended:
    reason = to_contract(SuspendReason(fact.reason_code))
    return events.FactorySuspended(factory_id=fact.factory_id, country=factory.country, reason=reason)


def _factory_reinstated(fact: facts.FactoryReinstated, factory: Factory) -> events.FactoryReinstated:
    return events.FactoryReinstated(factory_id=fact.factory_id, country=factory.country)


def _factory_closed(fact: facts.FactoryClosed, factory: Factory) -> events.FactoryClosed:
    reason = to_contract(CloseReason(fact.reason_code))
    return events.FactoryClosed(factory_id=fact.factory_id, country=factory.country, reason=reason)


def _organisation_registered(
    fact: facts.OrganisationRegistered, organisation: Organisation
) -> events.OrganisationRegistered:
    return events.OrganisationRegistered(
        organisation_id=fact.organisation_id,
        display_name=organisation.display_name,
        kind=to_contract(organisation.kind),
    )


def _consent(grant_id: str, grant: ConsentGrant) -> dict[str, Any]:
    """What every fact about a grant says."""
    terms = grant.terms
    return {
        "grant_id": grant_id,
        "factory_id": terms.factory_id,
        "country": grant.country,
        "organisation_id": terms.organisation_id,
        "scope": to_contract(terms.scope),
        "purpose": to_contract_or_zero(terms.purpose),
        "reference": terms.reference,
    }


def _consent_granted(fact: facts.ConsentGranted, grant: ConsentGrant) -> events.ConsentGranted:
    message = events.ConsentGranted(**_consent(fact.grant_id, grant), fields=grant.terms.fields)
    message.start_time.FromDatetime(grant.terms.starts_at)
    message.expire_time.FromDatetime(grant.terms.ends_at)
    return message


def _consent_renewed(fact: facts.ConsentRenewed, grant: ConsentGrant) -> events.ConsentRenewed:
    message = events.ConsentRenewed(**_consent(fact.grant_id, grant), fields=grant.terms.fields)
    message.start_time.FromDatetime(grant.terms.starts_at)
    message.previous_expire_time.FromDatetime(fact.ended_at)
    message.expire_time.FromDatetime(fact.ends_at)
    return message


def _consent_expired(fact: facts.ConsentExpired, grant: ConsentGrant) -> events.ConsentExpired:
    message = events.ConsentExpired(**_consent(fact.grant_id, grant))
    message.expire_time.FromDatetime(grant.terms.ends_at)
    return message


def _consent_withdrawn(fact: facts.ConsentWithdrawn, grant: ConsentGrant) -> events.ConsentWithdrawn:
    message = events.ConsentWithdrawn(**_consent(fact.grant_id, grant))
    message.withdraw_time.FromDatetime(fact.at)
    return message


def _hold_placed(fact: facts.HoldPlaced, holds: FactoryHolds) -> hold_events_pb2.HoldPlaced:
    message = hold_events_pb2.HoldPlaced(factory_id=fact.factory_id, country=holds.country)
    message.place_time.FromDatetime(fact.at)
    return message


def _hold_lifted(fact: facts.HoldLifted, holds: FactoryHolds) -> hold_events_pb2.HoldLifted:
    message = hold_events_pb2.HoldLifted(factory_id=fact.factory_id, country=holds.country)
    message.lift_time.FromDatetime(fact.at)
    return message


def _with_country(stream: str, translate: Translate) -> Public:
    return public(stream, translate, extensions=_country)


def _country(_: object, aggregate: Factory | ConsentGrant | FactoryHolds) -> Mapping[str, str]:
    return {"country": aggregate.country}


FACTORIES = "programme-factories"
CONSENTS = "programme-consents"
HOLDS = "programme-holds"

ROUTES = Routes(
    facts,
    {
        facts.CountryProgrammeRevised: public(
            "programme-country-programmes",
            _country_programme_revised,
            extensions=lambda fact, _: {"country": fact.country},
        ),
        facts.FactoryEnrolled: _with_country(FACTORIES, _factory_enrolled),
        facts.FactoryUpdated: _with_country(FACTORIES, _factory_updated),
        facts.FactorySuspended: _with_country(FACTORIES, _factory_suspended),
        facts.FactoryReinstated: _with_country(FACTORIES, _factory_reinstated),
        facts.FactoryClosed: _with_country(FACTORIES, _factory_closed),
        facts.OrganisationRegistered: public("programme-organisations", _organisation_registered),
        facts.ConsentGranted: _with_country(CONSENTS, _consent_granted),
        facts.ConsentRenewed: _with_country(CONSENTS, _consent_renewed),
        facts.ConsentExpired: _with_country(CONSENTS, _consent_expired),
        facts.ConsentWithdrawn: _with_country(CONSENTS, _consent_withdrawn),
        facts.HoldPlaced: _with_country(HOLDS, _hold_placed),
        facts.HoldLifted: _with_country(HOLDS, _hold_lifted),
        facts.HoldAdded: PRIVATE,
        facts.HoldEnded: PRIVATE,
        facts.FactoryImportStarted: PRIVATE,
        facts.FactoryImportCompleted: PRIVATE,
    },
)
