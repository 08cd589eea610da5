"""One sound request for every RPC, and what bad ones are made of."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from amplify.programme.v1 import consent_lists_pb2 as lists
from amplify.programme.v1 import consent_service_pb2 as consents
from amplify.programme.v1 import country_programme_service_pb2 as countries
from amplify.programme.v1 import factory_import_service_pb2 as imports
from amplify.programme.v1 import factory_pb2, hold_pb2, organisation_pb2
from amplify.programme.v1 import factory_service_pb2 as factories
from amplify.programme.v1 import hold_service_pb2 as holds
from amplify.programme.v1 import organisation_service_pb2 as organisations
from amplify.programme.v1 import timeline_service_pb2 as timelines

from .world import new_id

KNOWN, CLOSED = "factories/bd-9001", "factories/bd-9002"
UNKNOWN = "factories/bd-9999"
PARTNER = "organisations/bad-input-buyer"
ID = "11111111-1111-4111-8111-111111111111"
LATER = datetime.now(UTC) + timedelta(days=900)
STRIKE, MERGED = factory_pb2.SUSPEND_REASON_STRIKE, factory_pb2.CLOSE_REASON_MERGED
BUYER_KIND = organisation_pb2.ORGANISATION_KIND_BUYER
JUNK = "junk"
REPORTS: Any = 1
NO_MEMBER: Any = 77
"""A number that no enumeration has."""
HEADER = b"country,id,name,status\n"
NOWHERE = f"consentGrants/{new_id()}"
NO_IMPORT = f"factoryImports/{new_id()}"


def stamp(time: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(time)
    return made


def enrol(factory_id: str = "bd-9100", **fields: Any) -> factories.EnrolFactoryRequest:
    values: dict[str, Any] = {"country": "BD", "display_name": "A factory"} | fields
    factory = factory_pb2.Factory(**values)
    return factories.EnrolFactoryRequest(factory_id=factory_id, factory=factory, request_id=new_id())


def update(*paths: str, name: str = KNOWN, etag: str = "", **fields: Any) -> factories.UpdateFactoryRequest:
    factory = factory_pb2.Factory(name=name, **fields)
    return factories.UpdateFactoryRequest(
        factory=factory, update_mask=FieldMask(paths=paths), etag=etag, request_id=new_id()
    )


def suspend(name: str = KNOWN, **fields: Any) -> factories.SuspendFactoryRequest:
    return factories.SuspendFactoryRequest(**_merged({"name": name, "reason": STRIKE, "request_id": new_id()}, fields))


def close(name: str = KNOWN, **fields: Any) -> factories.CloseFactoryRequest:
    return factories.CloseFactoryRequest(**_merged({"name": name, "reason": MERGED, "request_id": new_id()}, fields))


def reinstate(name: str = KNOWN, **fields: Any) -> factories.ReinstateFactoryRequest:
    return factories.ReinstateFactoryRequest(**_merged({"name": name, "request_id": new_id()}, fields))


def register(organisation_id: str = "another", **fields: Any) -> organisations.RegisterOrganisationRequest:
    values: dict[str, Any] = {
        "organisation_id": organisation_id,
        "display_name": "A",
        "kind": BUYER_KIND,
        "request_id": new_id(),
    }
    return organisations.RegisterOrganisationRequest(**values | fields)


def grant(**fields: Any) -> consents.GrantConsentRequest:
    values: dict[str, Any] = {
        "consent_grant_id": new_id(),
        "factory": KNOWN,
        "organisation": PARTNER,
        "scope": 1,
        "expire_time": stamp(LATER),
        "evidence": "letter 17",
        "request_id": new_id(),
    }
    return consents.GrantConsentRequest(**values | fields)


def renew(**fields: Any) -> consents.RenewConsentRequest:
    values = {"name": f"consentGrants/{ID}", "expire_time": stamp(LATER + timedelta(days=30)), "evidence": "letter 18"}
    return consents.RenewConsentRequest(**_merged(values | {"request_id": new_id()}, fields))


def place(**fields: Any) -> holds.PlaceHoldRequest:
    values = {"parent": KNOWN, "hold_id": new_id(), "cause": hold_pb2.HOLD_CAUSE_VIOLENCE, "request_id": new_id()}
    return holds.PlaceHoldRequest(**_merged(values, fields))


def lift(**fields: Any) -> holds.LiftHoldRequest:
    values = {"name": f"{KNOWN}/holds/{ID}", "lift_text": "settled", "request_id": new_id()}
    return holds.LiftHoldRequest(**_merged(values, fields))


def withdraw(**fields: Any) -> consents.WithdrawConsentRequest:
    return consents.WithdrawConsentRequest(**_merged({"name": f"consentGrants/{ID}", "request_id": new_id()}, fields))


def send(csv: bytes, **fields: Any) -> imports.ImportFactoriesRequest:
    return imports.ImportFactoriesRequest(
        **_merged({"factory_import_id": new_id(), "csv": csv, "request_id": new_id()}, fields)
    )


def _merged(usual: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    return usual | fields


REQUESTS: dict[str, Callable[[], Any]] = {
    "EnrolFactory": enrol,
    "UpdateFactory": lambda: update("address"),
    "SuspendFactory": suspend,
    "ReinstateFactory": reinstate,
    "CloseFactory": close,
    "GetFactory": lambda: factories.GetFactoryRequest(name=KNOWN),
    "ListFactories": factories.ListFactoriesRequest,
    "RegisterOrganisation": register,
    "GetOrganisation": lambda: organisations.GetOrganisationRequest(name=PARTNER),
    "ListOrganisations": organisations.ListOrganisationsRequest,
    "GetCountryProgramme": lambda: countries.GetCountryProgrammeRequest(name="countryProgrammes/BD"),
    "ListCountryProgrammes": countries.ListCountryProgrammesRequest,
    "GrantConsent": lambda: grant(scope=2),
    "RenewConsent": renew,
    "WithdrawConsent": withdraw,
    "ListLiveConsents": lambda: lists.ListLiveConsentsRequest(organisation=PARTNER),
    "ListFactoryConsents": lambda: lists.ListFactoryConsentsRequest(parent=KNOWN),
    "PlaceHold": place,
    "LiftHold": lift,
    "ListHolds": lambda: holds.ListHoldsRequest(parent=KNOWN),
    "GetConsentGrant": lambda: consents.GetConsentGrantRequest(name=f"consentGrants/{ID}"),
    "ListConsentGrants": consents.ListConsentGrantsRequest,
    "CheckConsent": lambda: consents.CheckConsentRequest(factory=KNOWN, organisation=PARTNER, scope=REPORTS),
    "ImportFactories": lambda: send(HEADER + b"BD,9200,a,active\n"),
    "GetFactoryImport": lambda: imports.GetFactoryImportRequest(name=NO_IMPORT),
    "ListFactoryImports": imports.ListFactoryImportsRequest,
    "ListFactoryImportRows": lambda: imports.ListFactoryImportRowsRequest(parent=NO_IMPORT),
    "ListTimelineEntries": lambda: timelines.ListTimelineEntriesRequest(parent=KNOWN),
}
