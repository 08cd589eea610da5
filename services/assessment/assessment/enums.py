"""Domain enumerations and those of the contract: the same names, the contract's with a prefix."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from amplify.assessment.v1 import assessment_pb2, questionnaire_pb2, report_pb2
from assessment.domain.answers import Finding
from assessment.domain.compliance import PointStatus
from assessment.domain.plan import PlanChangeKind
from assessment.domain.questions import AnswerKind
from assessment.domain.states import CancelReason, ReturnReason, State

EnumT = TypeVar("EnumT", bound=Enum)

PAIRS: Mapping[type[Enum], tuple[Any, str]] = {
    State: (assessment_pb2.AssessmentState, "ASSESSMENT_STATE"),
    PlanChangeKind: (assessment_pb2.PlanChangeKind, "PLAN_CHANGE_KIND"),
    CancelReason: (assessment_pb2.CancelReason, "CANCEL_REASON"),
    ReturnReason: (assessment_pb2.ReturnReason, "RETURN_REASON"),
    Finding: (assessment_pb2.Finding, "FINDING"),
    PointStatus: (report_pb2.PointStatus, "POINT_STATUS"),
    AnswerKind: (questionnaire_pb2.AnswerKind, "ANSWER_KIND"),
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
