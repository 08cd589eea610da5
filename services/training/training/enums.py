"""Domain enumerations and those of the contract: the same names, the contract's with a prefix."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from amplify.training.v1 import (
    certificate_pb2,
    course_pb2,
    head_count_pb2,
    participant_pb2,
    recommendation_pb2,
    session_pb2,
    session_service_pb2,
    summary_pb2,
)
from training.domain.certificate import CertificateState, RevokeReason
from training.domain.outcomes import OutcomeKind
from training.domain.participant import ParticipantState, TestKind, WithdrawReason
from training.domain.people import EmployerKind, Role, Sex
from training.domain.recommendation import DismissReason, RecommendationState
from training.domain.session import SessionCancelReason, SessionState
from training.domain.summary import SummaryRow
from training.domain.work import WorkKind

EnumT = TypeVar("EnumT", bound=Enum)

PAIRS: Mapping[type[Enum], tuple[Any, str]] = {
    Sex: (head_count_pb2.Sex, "SEX"),
    Role: (head_count_pb2.ParticipantRole, "PARTICIPANT_ROLE"),
    OutcomeKind: (course_pb2.OutcomeKind, "OUTCOME_KIND"),
    SessionState: (session_pb2.SessionState, "SESSION_STATE"),
    SessionCancelReason: (session_pb2.SessionCancelReason, "SESSION_CANCEL_REASON"),
    EmployerKind: (participant_pb2.EmployerKind, "EMPLOYER_KIND"),
    ParticipantState: (participant_pb2.ParticipantState, "PARTICIPANT_STATE"),
    WithdrawReason: (participant_pb2.WithdrawReason, "WITHDRAW_REASON"),
    TestKind: (participant_pb2.TestKind, "TEST_KIND"),
    CertificateState: (certificate_pb2.CertificateState, "CERTIFICATE_STATE"),
    RevokeReason: (certificate_pb2.RevokeReason, "REVOKE_REASON"),
    RecommendationState: (recommendation_pb2.RecommendationState, "RECOMMENDATION_STATE"),
    DismissReason: (recommendation_pb2.DismissReason, "DISMISS_REASON"),
    WorkKind: (session_service_pb2.WorkKind, "WORK_KIND"),
    SummaryRow: (summary_pb2.SummaryRow, "SUMMARY_ROW"),
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
