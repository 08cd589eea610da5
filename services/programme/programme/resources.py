"""Stored aggregates as the contract's resources."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from amplify.programme.v1 import (
    country_programme_pb2,
    factory_import_pb2,
    factory_pb2,
    organisation_pb2,
)
from chassis.database import Row
from chassis.identity import Identity
from programme import access, queries
from programme.contracts import contract_date, contract_workers
from programme.domain.country_programme import Clock
from programme.domain.factory import CloseReason, Factory, FactoryStatus, SuspendReason
from programme.domain.factory_details import Customer
from programme.domain.factory_import import Counts, ImportState, Outcome
from programme.enums import to_contract
from programme.storage import country_programmes, factories, factory_imports, organisations


def timestamp(time: datetime | None) -> Timestamp | None:
    """A moment as the contract writes it; None stays unset."""
    if time is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


def factory(raw: Row, caller: Identity) -> factory_pb2.Factory:
    """A factory; a partner does not see contacts and customers."""
    stored = factories.revive(raw)
    details = stored.details
    message = factory_pb2.Factory(
        name=f"factories/{stored.id}",
        country=stored.country,
        display_name=details.name,
        original_id=details.original_id,
        status=to_contract(stored.status),
        address=details.address,
        owner=factory_pb2.Owner(legal_entity=details.owner.legal_entity, address=details.owner.address),
        isic_section=details.isic_section,
        isic_division=details.isic_division,
        first_product=details.first_product,
        second_product=details.second_product,
        start_year_in_country=details.start_year_in_country,
        workers=contract_workers(details.workers),
        assigned_advisor=details.assigned_advisor,
        latest_cycle=details.latest_cycle,
        cycle_start=contract_date(details.cycle_start) if details.cycle_start else None,
        creation_date=contract_date(details.creation_date) if details.creation_date else None,
        peer_grouping=details.peer_grouping,
        enrol_time=timestamp(stored.enrolled_at),
        update_time=timestamp(stored.updated_at),
        etag=factories.etag(raw),
    )
    _add_reason(message, stored)
    if details.location:
        message.location.latitude = details.location.latitude
        message.location.longitude = details.location.longitude
    if access.sees_contacts(caller):
        _add_confidential(message, stored)
    return message


def _add_reason(message: factory_pb2.Factory, stored: Factory) -> None:
    if stored.status is FactoryStatus.SUSPENDED:
        message.suspend_reason = to_contract(SuspendReason(stored.reason_code))
    elif stored.status is FactoryStatus.CLOSED:
        message.close_reason = to_contract(CloseReason(stored.reason_code))


def _add_confidential(message: factory_pb2.Factory, stored: Factory) -> None:
    contact = stored.details.contact
    message.contact.CopyFrom(
        factory_pb2.Contact(name=contact.name, position=contact.position, phone=contact.phone, email=contact.email)
    )
    message.customers.extend(_customer(customer) for customer in stored.details.customers)


def _customer(customer: Customer) -> factory_pb2.Customer:
    return factory_pb2.Customer(
        name=customer.name,
        years_of_business=customer.years_of_business,
        preferred_supplier=customer.preferred_supplier,
        contractor=customer.contractor,
        subcontractor=customer.subcontractor,
    )


def country_programme(raw: Row) -> country_programme_pb2.CountryProgramme:
    """A country programme with its dated clocks."""
    stored = country_programmes.revive(raw)
    return country_programme_pb2.CountryProgramme(
        name=f"countryProgrammes/{stored.id}",
        country=stored.id,
        display_name=stored.definition.display_name,
        languages=stored.definition.languages,
        time_zone=stored.definition.time_zone,
        clocks=[_clock(clock) for clock in stored.definition.clocks],
        unconfirmed=stored.definition.unconfirmed,
        revise_time=timestamp(stored.revised_at),
        etag=country_programmes.etag(raw),
    )


def _clock(clock: Clock) -> country_programme_pb2.Clock:
    confirmation = (
        country_programme_pb2.SOURCE_CONFIRMATION_CONFIRMED
        if clock.confirmed
        else country_programme_pb2.SOURCE_CONFIRMATION_UNCONFIRMED
    )
    return country_programme_pb2.Clock(
        kind=clock.kind,
        days=clock.days,
        effective_from=contract_date(clock.effective_from),
        source=clock.source,
        source_confirmation=confirmation,
    )


def organisation(raw: Row) -> organisation_pb2.Organisation:
    """A partner organisation."""
    stored = organisations.revive(raw)
    return organisation_pb2.Organisation(
        name=f"organisations/{stored.id}",
        display_name=stored.display_name,
        kind=to_contract(stored.kind),
        register_time=timestamp(stored.registered_at),
        etag=organisations.etag(raw),
    )


def factory_import(raw: Row) -> factory_import_pb2.FactoryImport:
    """An import with its progress at this moment."""
    stored = factory_imports.revive(raw)
    counts: Counts = stored.counts
    if stored.state is ImportState.RUNNING:
        counts = queries.import_progress(stored.id)
    return factory_import_pb2.FactoryImport(
        name=f"factoryImports/{stored.id}",
        state=to_contract(stored.state),
        rows=stored.rows,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        rejected=counts.rejected,
        created_by=stored.created_by,
        start_time=timestamp(stored.started_at),
        complete_time=timestamp(stored.completed_at),
        etag=factory_imports.etag(raw),
    )


def factory_import_row(row: Row) -> factory_import_pb2.FactoryImportRow:
    """One row of an import with its outcome."""
    return factory_import_pb2.FactoryImportRow(
        name=f"factoryImports/{row['import_id']}/rows/{row['number']}",
        row_number=row["number"],
        outcome=to_contract(Outcome(row["outcome"])),
        factory=f"factories/{row['factory_id']}" if row["factory_id"] else "",
        problems=[factory_import_pb2.RowProblem(**problem) for problem in row["problems"]],
    )
