"""Puts an assessment in each state behind the pages, through the services' own RPCs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import grpc

from amplify.assessment.v1.advisory_visit_pb2 import VisitMode
from amplify.assessment.v1.advisory_visit_service_pb2 import PlanAdvisoryVisitRequest
from amplify.assessment.v1.assessment_pb2 import Finding, Window
from amplify.assessment.v1.assessment_service_pb2 import SubmitAssessmentRequest
from amplify.assessment.v1.planning_pb2 import PlanAssessmentRequest
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.recording_pb2 import AnswerOperation, RecordAnswersRequest
from console.clients.assessment import Assessment
from console.clients.channel import Line, connect
from console.clients.remediation import Remediation
from console.times import day_message
from local_stack.people import directory
from local_stack.platform import Platform
from local_stack.waiting import wait_until

SECONDS = 30.0


@dataclass
class World:
    """Assessments by state, each of another factory; a line of the last one's plan, and a planned visit."""

    planned: str
    in_progress: str
    submitted: str
    released: str
    line: str
    visit: str


class Team:
    """The team of Bangladesh at work."""

    def __init__(self, stack: Platform) -> None:
        self._people = {person.key: person.sub for person in directory().people}
        self._channel: grpc.Channel = connect(stack.addresses["assessment"])
        self._stack = stack

    def acting(self, person: str) -> Assessment:
        """Assessment, for one of the team."""
        return Assessment(self._channel, Line("assessment", self._stack.token(person), SECONDS))

    def repairing(self, person: str) -> Remediation:
        """Assessment's part for repairs, for one of the team."""
        return Remediation(self._channel, Line("assessment", self._stack.token(person), SECONDS))

    def line(self, factory: str) -> str:
        """A line of a factory's improvement plan, as soon as a released report has opened one."""
        lines = wait_until(lambda: self.repairing("advisor-1").lines(factory=factory).improvement_lines, 120)
        return str(lines[0].name.rpartition("/")[2])

    def visit(self, factory: str) -> str:
        """Plan an advisory visit for today."""
        key, today = str(uuid4()), datetime.now(ZoneInfo("Asia/Dhaka")).date()
        request = PlanAdvisoryVisitRequest(
            advisory_visit_id=key,
            factory=f"factories/{factory}",
            planned_day=day_message(today),
            mode=VisitMode.VISIT_MODE_ON_SITE,
            request_id=str(uuid4()),
        )
        self.repairing("advisor-1").plan_visit(request)
        return key

    def plan(self, factory: str) -> str:
        """Plan a visit for today."""
        key, today = str(uuid4()), datetime.now(ZoneInfo("Asia/Dhaka")).date()
        window = Window(first_day=day_message(today), last_day=day_message(today + timedelta(days=1)))
        request = PlanAssessmentRequest(
            assessment_id=key,
            factory=f"factories/{factory}",
            team_leader=self._people["team-leader"],
            advisors=[self._people["advisor-1"], self._people["advisor-2"]],
            window=window,
            on_site_days=[day_message(today)],
            request_id=str(uuid4()),
        )
        self.acting("team-leader").plan(request)
        return key

    def start(self, factory: str) -> str:
        """Plan a visit and start it."""
        key = self.plan(factory)
        self.acting("advisor-1").start(key, "", str(uuid4()))
        return key

    def answer(self, factory: str) -> str:
        """Visit, and find one question non-compliant and the rest compliant."""
        key = self.start(factory)
        advisor = self.acting("advisor-1")
        asked = advisor.questionnaire(advisor.assessment(key).questionnaire).questions
        operations = [self._answer(one.question_id) for one in asked if one.answer_kind == ANSWER_KIND_FINDING]
        operations[0].finding = Finding.FINDING_NON_COMPLIANT
        name = f"assessments/{key}"
        advisor.record(RecordAnswersRequest(name=name, operations=operations, request_id=str(uuid4())))
        return key

    def submit(self, factory: str) -> str:
        """Visit, answer and submit."""
        key = self.answer(factory)
        request = SubmitAssessmentRequest(name=f"assessments/{key}", request_id=str(uuid4()))
        self.acting("advisor-1").submit(request)
        return key

    def release(self, factory: str) -> str:
        """Visit, submit and release."""
        key = self.submit(factory)
        self.acting("team-leader").release(key, "", str(uuid4()))
        return key

    @staticmethod
    def _answer(question: str) -> AnswerOperation:
        operation = AnswerOperation(
            operation_id=str(uuid4()), question_id=question, finding=Finding.FINDING_COMPLIANT, note="Seen on site."
        )
        operation.answer_time.FromDatetime(datetime.now(ZoneInfo("UTC")))
        return operation
