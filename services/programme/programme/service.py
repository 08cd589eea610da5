"""Programme holds who takes part: country programmes, factories, partners, and what each factory consents to share.

It decides who is enrolled, suspended or closed, whether a consent is live at a moment, and whether a factory is on
hold; it keeps one timeline for each factory out of the facts of all services. It sends nothing to anybody and waits for
nobody.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.programme.v1 import hold_events_pb2
from amplify.programme.v1 import programme_events_pb2 as events
from chassis.due_work import Due, Handlers, Outside
from chassis.identity import Identity
from programme import consent_queries, hold_queries, queries
from programme.read_models import timeline
from programme.use_cases.close_factory import CloseFactory, close_factory
from programme.use_cases.enrol_factory import EnrolFactory, enrol_factory
from programme.use_cases.expire_consent import ExpireConsent, expire_consent
from programme.use_cases.grant_consent import EXPIRY, GrantConsent, grant_consent
from programme.use_cases.import_factories import ROWS_DUE, ImportFactories, import_factories
from programme.use_cases.lift_hold import LiftHold, lift_hold
from programme.use_cases.place_hold import PlaceHold, place_hold
from programme.use_cases.register_organisation import RegisterOrganisation, register_organisation
from programme.use_cases.reinstate_factory import ReinstateFactory, reinstate_factory
from programme.use_cases.renew_consent import RenewConsent, renew_consent
from programme.use_cases.suspend_factory import SuspendFactory, suspend_factory
from programme.use_cases.update_factory import UpdateFactory, update_factory
from programme.use_cases.withdraw_consent import WithdrawConsent, withdraw_consent
from programme.use_cases.work_import_rows import complete_or_go_on, work_chunk

ACCEPTS: Mapping[type, Callable[[Any, Identity], None]] = {
    EnrolFactory: enrol_factory,
    UpdateFactory: update_factory,
    SuspendFactory: suspend_factory,
    ReinstateFactory: reinstate_factory,
    CloseFactory: close_factory,
    RegisterOrganisation: register_organisation,
    GrantConsent: grant_consent,
    RenewConsent: renew_consent,
    WithdrawConsent: withdraw_consent,
    PlaceHold: place_hold,
    LiftHold: lift_hold,
    ImportFactories: import_factories,
}

REACTS = (timeline.CONSUMER,)

ANNOUNCES = (
    events.CountryProgrammeRevised,
    events.FactoryEnrolled,
    events.FactoryUpdated,
    events.FactorySuspended,
    events.FactoryReinstated,
    events.FactoryClosed,
    events.OrganisationRegistered,
    events.ConsentGranted,
    events.ConsentRenewed,
    events.ConsentExpired,
    events.ConsentWithdrawn,
    hold_events_pb2.HoldPlaced,
    hold_events_pb2.HoldLifted,
)

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "ListFactories": queries.list_factories,
    "ListCountryProgrammes": queries.list_country_programmes,
    "ListOrganisations": queries.list_organisations,
    "ListConsentGrants": consent_queries.list_consent_grants,
    "CheckConsent": consent_queries.check_consent,
    "ListLiveConsents": consent_queries.list_live_consents,
    "ListFactoryConsents": consent_queries.list_factory_consents,
    "ListHolds": hold_queries.list_holds,
    "ListFactoryImports": queries.list_factory_imports,
    "ListFactoryImportRows": queries.list_factory_import_rows,
    "ListTimelineEntries": timeline.entries,
}


def _expire(due: Due) -> None:
    expire_consent(ExpireConsent(due.key))


DUE: Handlers = {
    EXPIRY: _expire,
    ROWS_DUE: Outside(attempt=work_chunk, settle=complete_or_go_on),
}


def accept(command: object, caller: Identity) -> None:
    """Do what the caller asks for, in the unit of work at hand. Raises what the use case raises."""
    ACCEPTS[type(command)](command, caller)
