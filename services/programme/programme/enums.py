"""Domain enumerations and those of the contract: the same names, the contract's with a prefix."""

from enum import Enum
from typing import Any, TypeVar

from amplify.programme.v1 import consent_grant_pb2, factory_import_pb2, factory_pb2, hold_pb2, organisation_pb2
from programme.domain.cells import DateFormat
from programme.domain.consent_grant import ConsentState
from programme.domain.consent_terms import Purpose, Scope
from programme.domain.factory import CloseReason, FactoryStatus, SuspendReason
from programme.domain.factory_import import ImportState, Outcome
from programme.domain.hold import HoldCause, HoldState
from programme.domain.organisation import OrganisationKind

EnumT = TypeVar("EnumT", bound=Enum)

PAIRS: dict[type[Enum], tuple[Any, str]] = {
    FactoryStatus: (factory_pb2.FactoryStatus, "FACTORY_STATUS"),
    SuspendReason: (factory_pb2.SuspendReason, "SUSPEND_REASON"),
    CloseReason: (factory_pb2.CloseReason, "CLOSE_REASON"),
    OrganisationKind: (organisation_pb2.OrganisationKind, "ORGANISATION_KIND"),
    Scope: (consent_grant_pb2.ConsentScope, "CONSENT_SCOPE"),
    Purpose: (consent_grant_pb2.ConsentPurpose, "CONSENT_PURPOSE"),
    ConsentState: (consent_grant_pb2.ConsentState, "CONSENT_STATE"),
    HoldCause: (hold_pb2.HoldCause, "HOLD_CAUSE"),
    HoldState: (hold_pb2.HoldState, "HOLD_STATE"),
    ImportState: (factory_import_pb2.FactoryImportState, "FACTORY_IMPORT_STATE"),
    Outcome: (factory_import_pb2.RowOutcome, "ROW_OUTCOME"),
    DateFormat: (factory_import_pb2.DateFormat, "DATE_FORMAT"),
}


def to_contract(member: Enum) -> Any:
    """The contract's value of a domain enumeration's member."""
    wrapper, prefix = PAIRS[type(member)]
    return wrapper.Value(f"{prefix}_{member.name}")


def to_contract_or_zero(member: Enum | None) -> Any:
    """As `to_contract`; None is the unspecified value."""
    return to_contract(member) if member else 0


def to_domain(kind: type[EnumT], value: int) -> EnumT | None:
    """The member of `kind` for a contract's value; None for the unspecified one."""
    wrapper, prefix = PAIRS[kind]
    return kind[wrapper.Name(value).removeprefix(f"{prefix}_")] if value else None


def required(kind: type[EnumT], value: int) -> EnumT:
    """As `to_domain`, for fields whose contract refuses the unspecified value."""
    member = to_domain(kind, value)
    if member is None:
        raise ValueError(f"{kind.__name__} is unspecified")
    return member
