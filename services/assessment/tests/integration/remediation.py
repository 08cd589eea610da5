"""Requests of remediation, and what is shown of it, for the tests."""

from typing import Any

from amplify.assessment.v1 import advisory_visit_pb2 as visit_shapes
from amplify.assessment.v1 import advisory_visit_service_pb2 as visits_pb2
from amplify.assessment.v1 import committee_pb2, progress_report_pb2
from amplify.assessment.v1 import committee_service_pb2 as committees_pb2
from amplify.assessment.v1 import improvement_changes_pb2 as changes
from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import improvement_plan_service_pb2 as service_pb2
from amplify.assessment.v1 import progress_report_service_pb2 as progress_pb2
from assessment.domain.improvement_line import line_id

from .world import FACTORY, World, day, new_id

State = shapes.ImprovementLineState
Grade = shapes.ProofGrade
Section = progress_report_pb2.ProgressReportSection
Mode = visit_shapes.VisitMode
Q1, Q2, Q3 = (f"bd-g{number:04}" for number in (1, 5, 40))
OVERTIME = visit_shapes.VisitTopic(cluster="working-time", point="overtime")
NOTE = "canary-words-of-an-advisor"


def name_of(question: str, factory: str = "bd-1001") -> str:
    """The resource name of a question's line."""
    return f"factories/{factory}/improvementPlan/lines/{line_id(factory, question)}"


def line(world: World, name: str, person: str = FACTORY) -> shapes.ImprovementLine:
    """The line as it is shown."""
    shown: shapes.ImprovementLine = world.call(
        person, service_pb2.GetImprovementLineRequest(name=name)
    ).improvement_line
    return shown


def plan(name: str, due: int = 20, **more: Any) -> changes.PlanImprovementLineRequest:
    """A request to plan a line, due in so many days."""
    fields: dict[str, Any] = {
        "name": name,
        "root_cause": "Nobody was responsible.",
        "action": "Name somebody, train them, check monthly.",
        "owner": "Compliance manager",
        "due_day": day(due),
        "request_id": new_id(),
    }
    return changes.PlanImprovementLineRequest(**(fields | more))


def prove(
    name: str, grade: shapes.ProofGrade.ValueType = Grade.PROOF_GRADE_DOCUMENT, **more: Any
) -> changes.ProveImprovementLineRequest:
    """A request to prove a line."""
    fields: dict[str, Any] = {"reference": "DOC-7", "note": "see the register", "request_id": new_id()}
    return changes.ProveImprovementLineRequest(name=name, grade=grade, **(fields | more))


def verify(name: str, **more: Any) -> changes.VerifyImprovementLineRequest:
    """A request to verify a line."""
    return changes.VerifyImprovementLineRequest(name=name, request_id=new_id(), **more)


def reject(name: str, **more: Any) -> changes.RejectImprovementProofRequest:
    """A request to reject a proof."""
    reason = shapes.PROOF_REJECTION_INCOMPLETE
    return changes.RejectImprovementProofRequest(name=name, reason=reason, request_id=new_id(), **more)


def add(factory: str = "bd-1001", **more: Any) -> changes.AddImprovementLineRequest:
    """A request to add an issue that the factory found."""
    fields: dict[str, Any] = {"line_id": new_id(), "cluster": "working-time", "point": "overtime", "issue": "Too long."}
    return changes.AddImprovementLineRequest(factory=f"factories/{factory}", request_id=new_id(), **(fields | more))


def submit(assessment_id: str, **changes: Any) -> progress_pb2.SubmitProgressReportRequest:
    """A request to submit the progress report of an assessment."""
    texts = [progress_report_pb2.ProgressReportText(section=Section.PROGRESS_REPORT_SECTION_SYSTEMS, text=NOTE)]
    fields: dict[str, Any] = {"women": 900, "men": 300, "complaints_received": 4, "complaints_settled": 3}
    content = progress_report_pb2.ProgressReportContent(**({"texts": texts} | fields | changes))
    name = f"assessments/{assessment_id}/progressReport"
    return progress_pb2.SubmitProgressReportRequest(name=name, content=content, request_id=new_id())


def plan_visit(**changes: Any) -> visits_pb2.PlanAdvisoryVisitRequest:
    """A request to plan an advisory visit."""
    fields: dict[str, Any] = {
        "advisory_visit_id": new_id(),
        "factory": "factories/bd-1001",
        "planned_day": day(0),
        "mode": Mode.VISIT_MODE_ON_SITE,
        "topics": [OVERTIME],
        "request_id": new_id(),
    }
    return visits_pb2.PlanAdvisoryVisitRequest(**(fields | changes))


def log_visit(name: str, **changes: Any) -> visits_pb2.LogAdvisoryVisitRequest:
    """A request to log an advisory visit."""
    met = visit_shapes.PeopleMet(role=visit_shapes.MET_ROLE_WORKER, women=5, men=2)
    fields: dict[str, Any] = {
        "name": name,
        "visit_day": day(0),
        "mode": Mode.VISIT_MODE_VIRTUAL,
        "topics": [OVERTIME],
        "people_met": [met],
        "note": NOTE,
        "request_id": new_id(),
    }
    return visits_pb2.LogAdvisoryVisitRequest(**(fields | changes))


def cancel_visit(name: str) -> visits_pb2.CancelAdvisoryVisitRequest:
    """A request to call a visit off."""
    reason = visit_shapes.VISIT_CANCEL_REASON_FACTORY_REQUEST
    return visits_pb2.CancelAdvisoryVisitRequest(name=name, reason=reason, request_id=new_id())


def counts(mw: int, mm: int, ww: int, wm: int) -> committee_pb2.CommitteeCounts:
    """People by side and sex."""
    return committee_pb2.CommitteeCounts(management_women=mw, management_men=mm, worker_women=ww, worker_men=wm)


def form(**changes: Any) -> committees_pb2.FormCommitteeRequest:
    """A request to record a committee."""
    fields: dict[str, Any] = {
        "factory": "factories/bd-1001",
        "formed_day": day(-60),
        "members": counts(0, 4, 0, 3),
        "request_id": new_id(),
    }
    return committees_pb2.FormCommitteeRequest(**(fields | changes))


def elect(**changes: Any) -> committees_pb2.RecordCommitteeElectionRequest:
    """A request to record an election."""
    fields: dict[str, Any] = {
        "name": "factories/bd-1001/committee",
        "election_id": new_id(),
        "election_day": day(-50),
        "freely_elected": True,
        "eligible_voters": 1200,
        "votes": 900,
        "elected_women": 3,
        "elected_men": 2,
        "request_id": new_id(),
    }
    return committees_pb2.RecordCommitteeElectionRequest(**(fields | changes))


def meet(**changes: Any) -> committees_pb2.LogCommitteeMeetingRequest:
    """A request to log a meeting."""
    fields: dict[str, Any] = {
        "name": "factories/bd-1001/committee",
        "meeting_id": new_id(),
        "meeting_day": day(-10),
        "attendance": counts(1, 2, 3, 2),
        "topics": [OVERTIME],
        "note": NOTE,
        "request_id": new_id(),
    }
    return committees_pb2.LogCommitteeMeetingRequest(**(fields | changes))
