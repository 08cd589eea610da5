"""Domain enumerations and those of the contract: the same names, the contract's with a prefix."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from amplify.assessment.v1 import (
    advisory_visit_pb2,
    assessment_pb2,
    committee_pb2,
    improvement_plan_pb2,
    improvement_plan_service_pb2,
    progress_report_pb2,
    questionnaire_pb2,
    report_pb2,
)
from assessment.domain.answers import Finding
from assessment.domain.committee_terms import CommitteeWarning
from assessment.domain.compliance import PointStatus
from assessment.domain.improvement_line import Grade, LineChangeKind, LineState, Rejection, Source
from assessment.domain.plan import PlanChangeKind
from assessment.domain.progress_report import ProgressState, Section
from assessment.domain.questions import AnswerKind
from assessment.domain.states import CancelReason, ReturnReason, State
from assessment.domain.visit_terms import MetRole, VisitCancelReason, VisitMode, VisitState
from assessment.domain.work import WorkKind, WorkStatus

EnumT = TypeVar("EnumT", bound=Enum)

PAIRS: Mapping[type[Enum], tuple[Any, str]] = {
    State: (assessment_pb2.AssessmentState, "ASSESSMENT_STATE"),
    PlanChangeKind: (assessment_pb2.PlanChangeKind, "PLAN_CHANGE_KIND"),
    CancelReason: (assessment_pb2.CancelReason, "CANCEL_REASON"),
    ReturnReason: (assessment_pb2.ReturnReason, "RETURN_REASON"),
    Finding: (assessment_pb2.Finding, "FINDING"),
    PointStatus: (report_pb2.PointStatus, "POINT_STATUS"),
    AnswerKind: (questionnaire_pb2.AnswerKind, "ANSWER_KIND"),
    LineState: (improvement_plan_pb2.ImprovementLineState, "IMPROVEMENT_LINE_STATE"),
    Source: (improvement_plan_pb2.ImprovementSource, "IMPROVEMENT_SOURCE"),
    Grade: (improvement_plan_pb2.ProofGrade, "PROOF_GRADE"),
    Rejection: (improvement_plan_pb2.ProofRejection, "PROOF_REJECTION"),
    LineChangeKind: (improvement_plan_pb2.ImprovementLineChangeKind, "IMPROVEMENT_LINE_CHANGE_KIND"),
    ProgressState: (progress_report_pb2.ProgressReportState, "PROGRESS_REPORT_STATE"),
    Section: (progress_report_pb2.ProgressReportSection, "PROGRESS_REPORT_SECTION"),
    VisitState: (advisory_visit_pb2.AdvisoryVisitState, "ADVISORY_VISIT_STATE"),
    VisitMode: (advisory_visit_pb2.VisitMode, "VISIT_MODE"),
    MetRole: (advisory_visit_pb2.MetRole, "MET_ROLE"),
    VisitCancelReason: (advisory_visit_pb2.VisitCancelReason, "VISIT_CANCEL_REASON"),
    CommitteeWarning: (committee_pb2.CommitteeWarning, "COMMITTEE_WARNING"),
    WorkKind: (improvement_plan_service_pb2.RemediationWorkKind, "REMEDIATION_WORK_KIND"),
    WorkStatus: (improvement_plan_service_pb2.RemediationWorkStatus, "REMEDIATION_WORK_STATUS"),
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
