"""Requests as the domain's values, and the domain's refusals as the contract's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from amplify.programme.v1 import factory_pb2
from chassis.errors import Invalid, Violation
from programme.domain.errors import FileRefused, InvalidFields
from programme.domain.factory import DETAIL_FIELDS
from programme.domain.factory_details import Contact, Customer, Location, Owner, Workers

CONTRACT_NAMES = {"name": "display_name", "starts_at": "start_time", "ends_at": "expire_time"}
"""Fields that the contract calls otherwise than the domain."""


@contextmanager
def refusals(prefix: str = "") -> Iterator[None]:
    """Inside, the domain's refusals of fields become Invalid with paths of the request, below `prefix`."""
    try:
        yield
    except InvalidFields as error:
        violations = tuple(
            Violation(f"{prefix}{contract_name(problem.field)}", problem.reason, problem.description)
            for problem in error.problems
        )
        fields = ", ".join(violation.field for violation in violations)
        raise Invalid(f"Wrong or missing: {fields}.", violations=violations) from None
    except FileRefused as error:
        raise Invalid.field("csv", error.description, reason=error.code) from None


def contract_name(field: str) -> str:
    """A domain field's path as the contract calls it."""
    head, dot, rest = field.partition(".")
    return f"{CONTRACT_NAMES.get(head, head)}{dot}{rest}"


def resource_id(name: str) -> str:
    """The last part of a resource name whose form the contract has checked."""
    return name.rpartition("/")[2]


def moment(field: str, stamp: Timestamp) -> datetime:
    """A request's time in UTC, cut to milliseconds. Raises Invalid for one that no calendar has."""
    try:
        time = stamp.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise Invalid.field(field, "is not a time") from None
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def masked_details(factory: factory_pb2.Factory, mask: FieldMask) -> dict[str, Any]:
    """The details that the mask lists. Raises Invalid for a path that is no detail, or that cannot be changed."""
    domain_names = {CONTRACT_NAMES.get(name, name): name for name in DETAIL_FIELDS}
    if not mask.paths:
        raise Invalid.field("update_mask", "lists no field")
    for path in mask.paths:
        if path not in domain_names:
            raise Invalid.field("update_mask", "lists what is no field of a factory, or cannot be changed so")
    values = details(factory)
    return {domain_names[path]: values[domain_names[path]] for path in mask.paths}


def details(factory: factory_pb2.Factory) -> dict[str, Any]:
    """Every detail of a factory as the domain's values. Raises Invalid for a day that no calendar has."""
    texts = ("original_id", "address", "isic_section", "isic_division", "first_product", "second_product")
    location = factory.location if factory.HasField("location") else None
    return {
        **{name: getattr(factory, name).strip() for name in texts},
        "name": factory.display_name.strip(),
        "location": Location(location.latitude, location.longitude) if location else None,
        "owner": Owner(factory.owner.legal_entity, factory.owner.address),
        "contact": Contact(
            factory.contact.name, factory.contact.position, factory.contact.phone, factory.contact.email
        ),
        "start_year_in_country": _number(factory, "start_year_in_country"),
        "workers": Workers(*(_number(factory.workers, sex) for sex in ("total", "female", "male"))),
        "customers": tuple(_customer(customer) for customer in factory.customers),
        "assigned_advisor": factory.assigned_advisor.lower(),
        "latest_cycle": _number(factory, "latest_cycle"),
        "cycle_start": _day("factory.cycle_start", factory.cycle_start, factory.HasField("cycle_start")),
        "creation_date": _day("factory.creation_date", factory.creation_date, factory.HasField("creation_date")),
        "peer_grouping": factory.peer_grouping,
    }


def _number(message: Any, field: str) -> int | None:
    return getattr(message, field) if message.HasField(field) else None


def _day(field: str, day: Date, given: bool) -> date | None:
    if not given:
        return None
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        raise Invalid.field(field, "is not a day") from None


def _customer(customer: factory_pb2.Customer) -> Customer:
    return Customer(
        customer.name.strip(),
        _number(customer, "years_of_business"),
        customer.preferred_supplier,
        customer.contractor,
        customer.subcontractor,
    )
