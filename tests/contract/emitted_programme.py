"""How programme comes to record each of its public facts, with the same data every time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from programme.contracts import ROUTES
from programme.domain.consent_grant import ConsentGrant
from programme.domain.consent_terms import Purpose, Scope, Terms
from programme.domain.country_programme import Clock, CountryProgramme, Definition
from programme.domain.factory import CloseReason, Factory, SuspendReason
from programme.domain.factory_details import Contact, FactoryDetails, Workers
from programme.domain.hold import FactoryHolds, HoldCause
from programme.domain.organisation import Organisation, OrganisationKind

from .emitting import emitted

AT = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
ADVISOR = "5b0e7f0c-6a1d-4d0e-9f0a-0d6f3f6f1a11"
MANAGER = "9a4f2c1e-0c53-4a55-8a3e-2f4b7c9d1e22"
GRANT = "3f1b9a52-7d2e-4b7c-8c36-5a90e1d4b733"


def _definition(*clocks: Clock) -> Definition:
    return Definition("Bangladesh", ("bn", "en"), "Asia/Dhaka", (*clocks, PROGRESS_CLOCK))


PROGRESS_CLOCK = Clock("progress-report", 30, date(2020, 1, 1))
FIRST_CLOCK = Clock("report-release", 28, date(2020, 1, 1), "help-desk")


def _programme() -> CountryProgramme:
    return CountryProgramme.define("BD", _definition(FIRST_CLOCK), AT)


def _revised_programme() -> CountryProgramme:
    programme = _programme()
    programme.revise(_definition(FIRST_CLOCK, Clock("report-release", 21, date(2027, 1, 1))), AT)
    return programme


DETAILS = FactoryDetails(
    name="Meghna Shirts",
    contact=Contact(name="Somebody", email="somebody@example.org"),
    workers=Workers(1200, 800, 400),
    assigned_advisor=ADVISOR,
)


def _factory(details: FactoryDetails = DETAILS) -> Factory:
    return Factory.enrol("bd-1001", "BD", details, AT)


def _updated(**values: Any) -> Factory:
    factory = _factory()
    factory.update(values, AT)
    return factory


def _suspended() -> Factory:
    factory = _factory()
    factory.suspend(SuspendReason.STRIKE, AT)
    return factory


def _reinstated() -> Factory:
    factory = _suspended()
    factory.reinstate(AT)
    return factory


def _closed() -> Factory:
    factory = _factory()
    factory.close(CloseReason.RELOCATED, AT)
    return factory


def _grant(scope: Scope = Scope.REPORTS, **terms_too: Any) -> ConsentGrant:
    terms = Terms("bd-1001", "north-sea-apparel", scope, AT, AT + timedelta(days=365), **terms_too)
    return ConsentGrant.grant(GRANT, "BD", terms, by=MANAGER, on_behalf=False, evidence="", now=AT)


def _for_a_referral() -> ConsentGrant:
    """A grant that uses every term there is."""
    return _grant(
        Scope.FINANCE,
        purpose=Purpose.FINANCE_REFERRAL,
        fields=("report", "environment"),
        reference="referrals/7c0d5a1e-4b6f-4a58-9d21-0f3e8a6c9b14",
    )


def _renewed() -> ConsentGrant:
    grant = _for_a_referral()
    later = AT + timedelta(days=730)
    grant.renew(later, by=MANAGER, on_behalf=False, evidence="", now=AT + timedelta(days=300))
    return grant


def _held() -> FactoryHolds:
    holds = FactoryHolds("bd-1001", "BD")
    holds.place(GRANT, HoldCause.CHILD_LABOUR, "what only managers may know", by=MANAGER, now=AT)
    return holds


def _no_longer_held() -> FactoryHolds:
    holds = _held()
    holds.lift(GRANT, "what only managers may know", by=MANAGER, now=AT + timedelta(days=14))
    return holds


def _withdrawn(grant: ConsentGrant) -> ConsentGrant:
    grant.withdraw(MANAGER, AT + timedelta(days=30))
    return grant


def _expired(grant: ConsentGrant) -> ConsentGrant:
    grant.expire(AT + timedelta(days=365))
    return grant


def _organisation() -> Organisation:
    return Organisation.register("north-sea-apparel", "North Sea Apparel", OrganisationKind.BUYER, AT)


MAKERS: dict[str, Callable[[], Any]] = {
    "CountryProgrammeRevised/defined": _programme,
    "CountryProgrammeRevised/clock-changed": _revised_programme,
    "FactoryEnrolled/with-advisor": _factory,
    "FactoryEnrolled/name-only": lambda: _factory(FactoryDetails(name="Padma Knitwear")),
    "FactoryUpdated/advisor-changed": lambda: _updated(assigned_advisor=MANAGER),
    "FactoryUpdated/contact-changed": lambda: _updated(contact=Contact(name="Somebody else")),
    "FactorySuspended/strike": _suspended,
    "FactoryReinstated/after-strike": _reinstated,
    "FactoryClosed/relocated": _closed,
    "OrganisationRegistered/buyer": _organisation,
    "ConsentGranted/reports": _grant,
    "ConsentGranted/improvement-plan": lambda: _grant(Scope.IMPROVEMENT_PLAN),
    "ConsentGranted/for-a-referral": _for_a_referral,
    "ConsentRenewed/for-a-year-more": _renewed,
    "ConsentExpired/after-a-year": lambda: _expired(_grant()),
    "ConsentExpired/for-a-referral": lambda: _expired(_for_a_referral()),
    "ConsentWithdrawn/after-a-month": lambda: _withdrawn(_grant()),
    "ConsentWithdrawn/for-a-referral": lambda: _withdrawn(_for_a_referral()),
    "HoldPlaced/first-cause": _held,
    "HoldLifted/last-cause": _no_longer_held,
}
EMITTED = emitted("amplify.programme.v1", ROUTES, MAKERS)
