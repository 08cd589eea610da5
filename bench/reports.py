"""The team of Bangladesh on a running platform, which brings reports about that are ready to be released."""

import time
from datetime import UTC, datetime, timedelta
from types import TracebackType
from uuid import uuid4
from zoneinfo import ZoneInfo

import grpc
from google.type.date_pb2 import Date

from amplify.assessment.v1 import assessment_pb2, planning_pb2, recording_pb2
from amplify.assessment.v1 import assessment_service_pb2 as service_pb2
from amplify.assessment.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from amplify.assessment.v1.questionnaire_pb2 import ANSWER_KIND_FINDING
from amplify.assessment.v1.questionnaire_service_pb2 import GetQuestionnaireRequest
from amplify.assessment.v1.questionnaire_service_pb2_grpc import QuestionnaireServiceStub
from local_stack.people import directory
from local_stack.platform import Platform

LEADER, ADVISOR, COLLEAGUE = "team-leader", "advisor-1", "advisor-2"


class Reporting:
    """Used with `with`."""

    def __init__(self, running: Platform) -> None:
        self._running = running
        self._people = {person.key: person.sub for person in directory().people}

    def __enter__(self) -> "Reporting":
        self._channel = grpc.insecure_channel(self._running.addresses["assessment"])
        self._assessments = AssessmentServiceStub(self._channel)
        self._questionnaires = QuestionnaireServiceStub(self._channel)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()

    def prepare(self, factory: str, findings: range) -> str:
        """A visit of today with these questions, by their place, found broken, submitted; its id."""
        id, today = str(uuid4()), _day()
        name = f"assessments/{id}"
        window = assessment_pb2.Window(first_day=today, last_day=_day(1))
        planned = planning_pb2.PlanAssessmentRequest(
            assessment_id=id,
            factory=f"factories/{factory}",
            team_leader=self._people[LEADER],
            advisors=[self._people[ADVISOR], self._people[COLLEAGUE]],
            window=window,
            on_site_days=[today],
            request_id=str(uuid4()),
        )
        self._assessments.PlanAssessment(planned, metadata=self._as(LEADER))
        start = planning_pb2.StartAssessmentRequest(name=name, request_id=str(uuid4()))
        begun = self._assessments.StartAssessment(start, metadata=self._as(ADVISOR)).assessment
        answers = self._answers(name, begun.questionnaire, findings)
        self._assessments.RecordAnswers(answers, metadata=self._as(ADVISOR))
        submit = service_pb2.SubmitAssessmentRequest(name=name, request_id=str(uuid4()))
        self._assessments.SubmitAssessment(submit, metadata=self._as(ADVISOR))
        return id

    def release(self, id: str) -> float:
        """Release the report; when the answer came."""
        request = service_pb2.ReleaseAssessmentRequest(name=f"assessments/{id}", request_id=str(uuid4()))
        self._assessments.ReleaseAssessment(request, metadata=self._as(LEADER))
        return time.time()

    def _answers(self, name: str, questionnaire: str, findings: range) -> recording_pb2.RecordAnswersRequest:
        asked = self._questionnaires.GetQuestionnaire(
            GetQuestionnaireRequest(name=questionnaire), metadata=self._as(ADVISOR)
        ).questionnaire
        scored = [one.question_id for one in asked.questions if one.answer_kind == ANSWER_KIND_FINDING]
        request = recording_pb2.RecordAnswersRequest(name=name, request_id=str(uuid4()))
        now = datetime.now(UTC)
        for number, question_id in enumerate(scored):
            finding = assessment_pb2.FINDING_NON_COMPLIANT if number in findings else assessment_pb2.FINDING_COMPLIANT
            one = request.operations.add(operation_id=str(uuid4()), question_id=question_id, finding=finding)
            one.answer_time.FromDatetime(now)
        return request

    def _as(self, person: str) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self._running.token(person)}"),)


def _day(offset: int = 0) -> Date:
    local = (datetime.now(ZoneInfo("Asia/Dhaka")) + timedelta(days=offset)).date()
    return Date(year=local.year, month=local.month, day=local.day)
