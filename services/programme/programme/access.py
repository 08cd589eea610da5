"""Who may do and see what in this service, as data for the one place that decides.

Staff have country offices; a factory manager has its factory; a partner sees what a factory lets it see at the moment
it asks: `consented_factories` is looked up for each call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chassis import clock
from chassis.access import Allow, Filter, filter
from chassis.identity import Identity
from programme import live_consents

STAFF = (
    "enterprise-advisor",
    "team-leader",
    "country-manager",
    "programme-officer",
    "training-officer",
    "finance-officer",
)
OFFICE = ("programme-officer", "country-manager")
PARTNERS = ("buyer", "financier", "ministry")
EVERYBODY = (*STAFF, *PARTNERS, "factory-manager", "service", "sre")


def _allow(roles: Sequence[str], **where: str) -> list[Allow]:
    return [Allow(role, where=where) for role in roles]


_ANYONE = _allow(EVERYBODY)
_OFFICE = _allow(OFFICE, country="countries")
_MANAGERS = _allow(["country-manager"], country="countries")
_CONSENT = [*_OFFICE, Allow("factory-manager", where={"factory_id": "factory"})]

ACTIONS: Mapping[str, Sequence[Allow]] = {
    "GetCountryProgramme": _ANYONE,
    "ListCountryProgrammes": _ANYONE,
    "EnrolFactory": _OFFICE,
    "GetFactory": _ANYONE,
    "ListFactories": _ANYONE,
    "UpdateFactory": _OFFICE,
    "SuspendFactory": _OFFICE,
    "ReinstateFactory": _OFFICE,
    "CloseFactory": _OFFICE,
    "RegisterOrganisation": _allow(["programme-officer"]),
    "GetOrganisation": _ANYONE,
    "ListOrganisations": _ANYONE,
    "GrantConsent": _CONSENT,
    "RenewConsent": _CONSENT,
    "WithdrawConsent": _CONSENT,
    "GetConsentGrant": _ANYONE,
    "ListConsentGrants": _ANYONE,
    "CheckConsent": [
        *_allow(["service"]),
        *_allow(STAFF, country="countries"),
        *_allow(PARTNERS, organisation_id="organisation"),
        Allow("factory-manager", where={"factory_id": "factory"}),
    ],
    "ListLiveConsents": _allow(["service"]),
    "ListFactoryConsents": [*_allow(STAFF, country="countries"), Allow("factory-manager", {"factory_id": "factory"})],
    "PlaceHold": _MANAGERS,
    "LiftHold": _MANAGERS,
    "ListHolds": _MANAGERS,
    "ImportFactories": _allow(OFFICE),
    "GetFactoryImport": _allow(OFFICE),
    "ListFactoryImports": _allow(OFFICE),
    "ListFactoryImportRows": _allow(OFFICE),
    "ListTimelineEntries": _ANYONE,
}

KINDS: Mapping[str, Sequence[Allow]] = {
    "country-programme": [
        *_allow(STAFF, _id="countries"),
        *_allow([*PARTNERS, "factory-manager", "service"]),
    ],
    "factory": [
        *_allow(STAFF, country="countries"),
        *_allow(PARTNERS, _id="consented_factories"),
        *_allow(["factory-manager"], _id="factory"),
        *_allow(["service"]),
    ],
    "organisation": [
        *_allow([*STAFF, "factory-manager", "service"]),
        *_allow(PARTNERS, _id="organisation"),
    ],
    "consent-grant": [
        *_allow(STAFF, country="countries"),
        *[Allow(role, where={"terms.organisation_id": "organisation"}) for role in PARTNERS],
        Allow("factory-manager", where={"terms.factory_id": "factory"}),
        *_allow(["service"]),
    ],
    "hold": _MANAGERS,
    "factory-import": _allow(OFFICE, created_by="subject"),
    "timeline": [
        *_allow(STAFF, country="countries"),
        *_allow(["factory-manager"], factory_id="factory"),
        *_allow(PARTNERS, factory_id="consented_factories", organisation_id="organisation"),
        *_allow(["service"]),
    ],
}

CIRCLES: Mapping[str, Sequence[str]] = {"finance": ("finance-officer", "country-manager", "factory-manager", "service")}
"""Steps of a timeline that not everybody sees who may see the factory: the circle of the step, and the roles in it."""


def visible(caller: Identity, kind: str) -> Filter:
    """What the caller may see of a kind, consents being those of this moment."""
    return filter(with_consents(caller), kind)


def with_consents(caller: Identity) -> Identity:
    """The caller together with the factories that consent to its organisation now; staff stay as they are."""
    if caller.roles.isdisjoint(PARTNERS):
        return caller
    open_now = live_consents.factories_open_to(caller.values("organisation"), clock.now())
    return replace(caller, attributes={**caller.attributes, "consented_factories": open_now})


def closed_circles(caller: Identity) -> list[str]:
    """The circles whose steps this caller does not see; steps of no circle are in none."""
    return [circle for circle, roles in CIRCLES.items() if caller.roles.isdisjoint(roles)]


def sees_contacts(caller: Identity) -> bool:
    """Whether confidential fields of a factory are shown: to staff and the factory itself, never to a partner."""
    return not caller.roles.isdisjoint((*STAFF, "factory-manager"))
