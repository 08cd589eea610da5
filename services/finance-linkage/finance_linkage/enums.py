"""Domain enumerations and those of the contract: the same names, the contract's with a prefix."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from amplify.finance_linkage.v1 import eligibility_pb2, environmental_record_pb2, product_pb2, referral_states_pb2
from finance_linkage.domain.figures import HiggModule, Unit, Verification
from finance_linkage.domain.product import ProductKind
from finance_linkage.domain.rules import Outcome, Result
from finance_linkage.domain.states import DeclineReason, InformationKind, Side, StaffStep, State, StopReason

EnumT = TypeVar("EnumT", bound=Enum)

PAIRS: Mapping[type[Enum], tuple[Any, str]] = {
    ProductKind: (product_pb2.ProductKind, "PRODUCT_KIND"),
    Outcome: (eligibility_pb2.EligibilityOutcome, "ELIGIBILITY_OUTCOME"),
    Result: (eligibility_pb2.ConditionState, "CONDITION_STATE"),
    Unit: (environmental_record_pb2.MeasureUnit, "MEASURE_UNIT"),
    HiggModule: (environmental_record_pb2.HiggModule, "HIGG_MODULE"),
    Verification: (environmental_record_pb2.EnvironmentalVerification, "ENVIRONMENTAL_VERIFICATION"),
    State: (referral_states_pb2.ReferralState, "REFERRAL_STATE"),
    Side: (referral_states_pb2.WaitingFor, "WAITING_FOR"),
    StaffStep: (referral_states_pb2.ReferralStep, "REFERRAL_STEP"),
    InformationKind: (referral_states_pb2.InformationKind, "INFORMATION_KIND"),
    DeclineReason: (referral_states_pb2.DeclineReason, "DECLINE_REASON"),
    StopReason: (referral_states_pb2.StopReason, "STOP_REASON"),
}

# Two text enumerations may hold equal members, so the type is part of the key.
_TO_CONTRACT: Mapping[tuple[type[Enum], str], Any] = {
    (kind, member.name): wrapper.Value(f"{prefix}_{member.name}")
    for kind, (wrapper, prefix) in PAIRS.items()
    for member in kind
}
_TO_DOMAIN: Mapping[type[Enum], Mapping[int, Any]] = {
    kind: {_TO_CONTRACT[kind, member.name]: member for member in kind} for kind in PAIRS
}


def to_contract(member: Enum | None) -> Any:
    """The contract's value of a member; the unspecified one for None."""
    return 0 if member is None else _TO_CONTRACT[type(member), member.name]


def to_domain(kind: type[EnumT], value: int) -> EnumT:
    """The member for a contract's value. KeyError for the unspecified one, which validation refuses before."""
    found: EnumT = _TO_DOMAIN[kind][value]
    return found
