"""Remediation of the demonstration: a factory with a released report, lines at each point, a visit and a committee."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import grpc
from google.type.date_pb2 import Date

from amplify.assessment.v1 import advisory_visit_pb2 as visit_shapes
from amplify.assessment.v1 import advisory_visit_service_pb2 as visits
from amplify.assessment.v1 import assessment_pb2, committee_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as assessments
from amplify.assessment.v1 import committee_service_pb2 as committees
from amplify.assessment.v1 import improvement_changes_pb2 as changes
from amplify.assessment.v1 import improvement_plan_pb2 as shapes
from amplify.assessment.v1 import improvement_plan_service_pb2 as plans
from amplify.assessment.v1.advisory_visit_service_pb2_grpc import AdvisoryVisitServiceStub
from amplify.assessment.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from amplify.assessment.v1.committee_service_pb2_grpc import CommitteeServiceStub
from amplify.assessment.v1.improvement_plan_service_pb2_grpc import ImprovementPlanServiceStub
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.questionnaire_service_pb2 import GetQuestionnaireRequest
from amplify.assessment.v1.questionnaire_service_pb2_grpc import QuestionnaireServiceStub
from local_stack.demo.seed import NotSeeded, Token, request_id
from local_stack.people import directory

FACTORY = "factories/bd-1014"
LEADER, ADVISOR, COLLEAGUE = "team-leader", "advisor-1", "advisor-2"
FINDINGS = 4
PATIENCE_SECONDS = 60.0
"""How long assessment may take to learn of the factories, and to open the lines of the report."""

_STUBS = (
    AssessmentServiceStub,
    QuestionnaireServiceStub,
    ImprovementPlanServiceStub,
    AdvisoryVisitServiceStub,
    CommitteeServiceStub,
)


class Team:
    """The team of Bangladesh at work; every call may be repeated."""

    def __init__(self, channel: grpc.Channel, token: Token) -> None:
        self._stubs = [stub(channel) for stub in _STUBS]
        self._token = token

    def call(self, person: str, request: Any) -> Any:
        """The answer of the RPC that takes such a request; None for what was done at an earlier start already."""
        method = type(request).__name__.removesuffix("Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = request_id("remediation", method, request.SerializeToString(deterministic=True).hex())
        stub = next(stub for stub in self._stubs if hasattr(stub, method))
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                metadata = (("authorization", f"Bearer {self._token(person)}"),)
                return getattr(stub, method)(request, timeout=10, metadata=metadata)
            except grpc.RpcError as error:
                if error.code() is grpc.StatusCode.ALREADY_EXISTS:
                    return None
                if method != "PlanAssessment" or time.monotonic() > end:
                    raise NotSeeded(f"{method}: {error.code().name} {error.details()}") from None
                time.sleep(0.5)


def improvement(channel: grpc.Channel, token: Token) -> None:
    """Put it in, unless the report was released at an earlier start."""
    team = Team(channel, token)
    assessment_id = request_id("remediation", FACTORY)
    if not _release(team, assessment_id):
        return
    lines = _lines(team)
    for line, days in zip(lines[:3], (5, 12, 30), strict=True):
        _plan(team, line, days)
    proof = changes.ProveImprovementLineRequest(
        name=lines[0].name, grade=shapes.PROOF_GRADE_DOCUMENT, reference="Register of March", note="Scanned."
    )
    team.call(ADVISOR, proof)
    team.call(COLLEAGUE, changes.VerifyImprovementLineRequest(name=lines[0].name))
    seen = changes.ProveImprovementLineRequest(name=lines[1].name, grade=shapes.PROOF_GRADE_ON_SITE)
    team.call(ADVISOR, seen)
    _visit(team, lines[1])
    _committee(team, lines[1])


def _release(team: Team, assessment_id: str) -> bool:
    """Visit today, find the first questions broken, and release; False when that was done before."""
    name, today = f"assessments/{assessment_id}", _day(0)
    people = {person.key: person.sub for person in directory().people}
    plan = planning_pb2.PlanAssessmentRequest(
        assessment_id=assessment_id,
        factory=FACTORY,
        team_leader=people[LEADER],
        advisors=[people[ADVISOR], people[COLLEAGUE]],
        window=assessment_pb2.Window(first_day=today, last_day=_day(1)),
        on_site_days=[today],
    )
    if team.call(LEADER, plan) is None:
        return False
    begun = team.call(ADVISOR, planning_pb2.StartAssessmentRequest(name=name)).assessment
    asked = team.call(ADVISOR, GetQuestionnaireRequest(name=begun.questionnaire)).questionnaire.questions
    record = recording_pb2.RecordAnswersRequest(name=name)
    for number, question in enumerate(one for one in asked if one.answer_kind == ANSWER_KIND_FINDING):
        broken = number < FINDINGS
        finding = assessment_pb2.FINDING_NON_COMPLIANT if broken else assessment_pb2.FINDING_COMPLIANT
        one = record.operations.add(operation_id=str(uuid.uuid4()), question_id=question.question_id, finding=finding)
        one.answer_time.FromDatetime(datetime.now(UTC))
    team.call(ADVISOR, record)
    team.call(ADVISOR, assessments.SubmitAssessmentRequest(name=name))
    team.call(LEADER, assessments.ReleaseAssessmentRequest(name=name))
    return True


def _lines(team: Team) -> list[shapes.ImprovementLine]:
    """The lines that the report opens, once it has."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        listed = team.call(ADVISOR, plans.ListImprovementLinesRequest(factory=FACTORY)).improvement_lines
        if len(listed) == FINDINGS:
            return list(listed)
        time.sleep(0.2)
    raise NotSeeded(f"the report of {FACTORY} opened no lines in {PATIENCE_SECONDS:.0f} s")


def _plan(team: Team, line: shapes.ImprovementLine, days: int) -> None:
    team.call(
        ADVISOR,
        changes.PlanImprovementLineRequest(
            name=line.name,
            root_cause="Nobody was in charge of it.",
            action="Name somebody, train them, and check once a month.",
            owner="Compliance manager",
            due_day=_day(days),
        ),
    )


def _visit(team: Team, line: shapes.ImprovementLine) -> None:
    topic = visit_shapes.VisitTopic(cluster=line.cluster, point=line.point)
    visit_id = request_id("remediation", "visit")
    planned = visits.PlanAdvisoryVisitRequest(
        advisory_visit_id=visit_id,
        factory=FACTORY,
        planned_day=_day(0),
        mode=visit_shapes.VISIT_MODE_ON_SITE,
        topics=[topic],
    )
    team.call(ADVISOR, planned)
    met = visit_shapes.PeopleMet(role=visit_shapes.MET_ROLE_WORKER, women=6, men=2)
    logged = visits.LogAdvisoryVisitRequest(
        name=f"advisoryVisits/{visit_id}",
        visit_day=_day(0),
        mode=visit_shapes.VISIT_MODE_ON_SITE,
        topics=[topic],
        lines=[line.name],
        people_met=[met],
        note="The new register is kept; the supervisors know it.",
    )
    team.call(ADVISOR, logged)


def _committee(team: Team, line: shapes.ImprovementLine) -> None:
    members = committee_pb2.CommitteeCounts(management_women=1, management_men=3, worker_women=3, worker_men=2)
    team.call(ADVISOR, committees.FormCommitteeRequest(factory=FACTORY, formed_day=_day(-120), members=members))
    held = committees.RecordCommitteeElectionRequest(
        name=f"{FACTORY}/committee",
        election_id=request_id("remediation", "election"),
        election_day=_day(-110),
        freely_elected=True,
        eligible_voters=1150,
        votes=870,
        elected_women=3,
        elected_men=2,
    )
    team.call(ADVISOR, held)
    met = committees.LogCommitteeMeetingRequest(
        name=f"{FACTORY}/committee",
        meeting_id=request_id("remediation", "meeting"),
        meeting_day=_day(-9),
        attendance=members,
        topics=[visit_shapes.VisitTopic(cluster=line.cluster, point=line.point)],
    )
    team.call(ADVISOR, met)


def _day(offset: int) -> Date:
    local = (datetime.now(ZoneInfo("Asia/Dhaka")) + timedelta(days=offset)).date()
    return Date(year=local.year, month=local.month, day=local.day)
