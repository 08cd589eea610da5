"""What the console asks of programme: factories, consents, organisations, imports and timelines."""

from collections.abc import Iterable

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from amplify.programme.v1 import (
    consent_grant_pb2,
    consent_lists_pb2,
    consent_service_pb2,
    consent_service_pb2_grpc,
    country_programme_service_pb2,
    country_programme_service_pb2_grpc,
    factory_import_pb2,
    factory_import_service_pb2,
    factory_import_service_pb2_grpc,
    factory_pb2,
    factory_service_pb2,
    factory_service_pb2_grpc,
    organisation_pb2,
    organisation_service_pb2,
    organisation_service_pb2_grpc,
    timeline_service_pb2,
    timeline_service_pb2_grpc,
)
from console.clients.channel import Line


class Programme:
    """Calls to programme for one person. Ids are without their collection: `bd-1001`."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._countries = country_programme_service_pb2_grpc.CountryProgrammeServiceStub(channel)
        self._factories = factory_service_pb2_grpc.FactoryServiceStub(channel)
        self._consents = consent_service_pb2_grpc.ConsentServiceStub(channel)
        self._organisations = organisation_service_pb2_grpc.OrganisationServiceStub(channel)
        self._imports = factory_import_service_pb2_grpc.FactoryImportServiceStub(channel)
        self._timeline = timeline_service_pb2_grpc.TimelineServiceStub(channel)

    def time_zone(self, country: str) -> str:
        """IANA zone of a country programme."""
        request = country_programme_service_pb2.GetCountryProgrammeRequest(name=f"countryProgrammes/{country}")
        return self._line.call(self._countries.GetCountryProgramme, request).country_programme.time_zone

    def factories(
        self, *, search: str = "", country: str = "", status: int = 0, advisor: str = "", page: str = "", size: int = 50
    ) -> factory_service_pb2.ListFactoriesResponse:
        """A page of the factories that the person may see."""
        request = factory_service_pb2.ListFactoriesRequest(
            page_size=size,
            page_token=page,
            country=country,
            status=factory_pb2.FactoryStatus.ValueType(status),
            search=search,
            assigned_advisor=advisor,
        )
        return self._line.call(self._factories.ListFactories, request)

    def factory(self, factory: str) -> factory_pb2.Factory:
        """One factory."""
        request = factory_service_pb2.GetFactoryRequest(name=f"factories/{factory}")
        return self._line.call(self._factories.GetFactory, request).factory

    def timeline(
        self,
        factory: str,
        *,
        services: Iterable[str] = (),
        events: Iterable[str] = (),
        start: Timestamp | None = None,
        end: Timestamp | None = None,
        page: str = "",
        size: int = 50,
    ) -> timeline_service_pb2.ListTimelineEntriesResponse:
        """A page of a factory's history, latest first; `events` are full names of facts."""
        request = timeline_service_pb2.ListTimelineEntriesRequest(
            parent=f"factories/{factory}",
            page_size=size,
            page_token=page,
            services=services,
            events=events,
            start_time=start,
            end_time=end,
        )
        return self._line.call(self._timeline.ListTimelineEntries, request)

    def grants(self, factory: str) -> list[consent_grant_pb2.ConsentGrant]:
        """The consents of a factory, latest first."""
        request = consent_service_pb2.ListConsentGrantsRequest(factory=f"factories/{factory}", page_size=100)
        return list(self._line.call(self._consents.ListConsentGrants, request).consent_grants)

    def factory_consents(
        self, factory: str, *, state: int = 0, order_by: str = "", page: str = "", size: int = 50
    ) -> consent_lists_pb2.ListFactoryConsentsResponse:
        """A page of the consents of a factory with the names of those who hold them, ended ones with them."""
        request = consent_lists_pb2.ListFactoryConsentsRequest(
            parent=f"factories/{factory}",
            page_size=size,
            page_token=page,
            state=consent_grant_pb2.ConsentState.ValueType(state),
            order_by=order_by,
        )
        return self._line.call(self._consents.ListFactoryConsents, request)

    def grant(self, grant: str) -> consent_grant_pb2.ConsentGrant:
        """One consent."""
        request = consent_service_pb2.GetConsentGrantRequest(name=f"consentGrants/{grant}")
        return self._line.call(self._consents.GetConsentGrant, request).consent_grant

    def renew_consent(self, request: consent_service_pb2.RenewConsentRequest) -> None:
        """Move the end of a consent to a later time."""
        self._line.call(self._consents.RenewConsent, request)

    def grant_consent(self, request: consent_service_pb2.GrantConsentRequest) -> consent_grant_pb2.ConsentGrant:
        """Give consent."""
        return self._line.call(self._consents.GrantConsent, request).consent_grant

    def withdraw_consent(self, grant: str, etag: str, request_id: str) -> None:
        """Take a consent back."""
        request = consent_service_pb2.WithdrawConsentRequest(
            name=f"consentGrants/{grant}", etag=etag, request_id=request_id
        )
        self._line.call(self._consents.WithdrawConsent, request)

    def organisations(self) -> list[organisation_pb2.Organisation]:
        """The partner organisations that the person may know of."""
        request = organisation_service_pb2.ListOrganisationsRequest(page_size=500)
        return list(self._line.call(self._organisations.ListOrganisations, request).organisations)

    def import_factories(self, import_id: str, csv: bytes, request_id: str) -> factory_import_pb2.FactoryImport:
        """Hand in a factory list; its rows are worked afterwards."""
        request = factory_import_service_pb2.ImportFactoriesRequest(
            factory_import_id=import_id, csv=csv, request_id=request_id
        )
        return self._line.call(self._imports.ImportFactories, request, seconds=30).factory_import

    def factory_import(self, import_id: str) -> factory_import_pb2.FactoryImport:
        """How far an import is."""
        request = factory_import_service_pb2.GetFactoryImportRequest(name=f"factoryImports/{import_id}")
        return self._line.call(self._imports.GetFactoryImport, request).factory_import

    def imports(self) -> list[factory_import_pb2.FactoryImport]:
        """The latest imports."""
        request = factory_import_service_pb2.ListFactoryImportsRequest(page_size=10)
        return list(self._line.call(self._imports.ListFactoryImports, request).factory_imports)

    def import_rows(
        self, import_id: str, *, outcome: int = 0, page: str = "", size: int = 100
    ) -> factory_import_service_pb2.ListFactoryImportRowsResponse:
        """A page of the rows of an import, in the order of the file."""
        request = factory_import_service_pb2.ListFactoryImportRowsRequest(
            parent=f"factoryImports/{import_id}",
            page_size=size,
            page_token=page,
            outcome=factory_import_pb2.RowOutcome.ValueType(outcome),
        )
        return self._line.call(self._imports.ListFactoryImportRows, request)
