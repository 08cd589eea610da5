"""What the console asks of assessment: plans, answers, reports and questionnaires."""

from collections.abc import Iterable

import grpc

from amplify.assessment.v1 import (
    assessment_pb2,
    assessment_service_pb2,
    assessment_service_pb2_grpc,
    planning_pb2,
    questionnaire_pb2,
    questionnaire_service_pb2,
    questionnaire_service_pb2_grpc,
    recording_pb2,
    report_pb2,
)
from console.clients.channel import Line

State = assessment_pb2.AssessmentState


class Assessment:
    """Calls to assessment for one person. Ids are without their collection."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._stub = assessment_service_pb2_grpc.AssessmentServiceStub(channel)
        self._questionnaires = questionnaire_service_pb2_grpc.QuestionnaireServiceStub(channel)

    def assessments(
        self,
        *,
        states: Iterable[State.ValueType] = (),
        factory: str = "",
        country: str = "",
        page: str = "",
        size: int = 50,
    ) -> assessment_service_pb2.ListAssessmentsResponse:
        """A page of the assessments that the person may know of."""
        request = assessment_service_pb2.ListAssessmentsRequest(
            page_size=size,
            page_token=page,
            factory=f"factories/{factory}" if factory else "",
            country=country,
            states=list(states),
        )
        return self._line.call(self._stub.ListAssessments, request)

    def of_factory(self, factory: str) -> list[assessment_pb2.Assessment]:
        """The assessments of a factory, latest first."""
        return list(self.assessments(factory=factory).assessments)

    def assessment(self, assessment: str) -> assessment_pb2.Assessment:
        """One assessment without its answers."""
        request = assessment_service_pb2.GetAssessmentRequest(name=f"assessments/{assessment}")
        return self._line.call(self._stub.GetAssessment, request).assessment

    def plan(self, request: planning_pb2.PlanAssessmentRequest) -> None:
        """Plan a visit."""
        self._line.call(self._stub.PlanAssessment, request)

    def reschedule(self, request: planning_pb2.RescheduleAssessmentRequest) -> None:
        """Move a planned visit."""
        self._line.call(self._stub.RescheduleAssessment, request)

    def cancel(self, request: planning_pb2.CancelAssessmentRequest) -> None:
        """Call a planned visit off."""
        self._line.call(self._stub.CancelAssessment, request)

    def start(self, assessment: str, etag: str, request_id: str) -> None:
        """Start a visit."""
        request = planning_pb2.StartAssessmentRequest(
            name=f"assessments/{assessment}", etag=etag, request_id=request_id
        )
        self._line.call(self._stub.StartAssessment, request)

    def record(self, request: recording_pb2.RecordAnswersRequest) -> None:
        """Record answers of the person."""
        self._line.call(self._stub.RecordAnswers, request, seconds=15)

    def submit(self, request: assessment_service_pb2.SubmitAssessmentRequest) -> None:
        """Hand the answers to the team leader."""
        self._line.call(self._stub.SubmitAssessment, request)

    def send_back(self, request: assessment_service_pb2.ReturnAssessmentRequest) -> None:
        """Send the answers back to the advisors."""
        self._line.call(self._stub.ReturnAssessment, request)

    def release(self, assessment: str, etag: str, request_id: str) -> None:
        """Release the report."""
        request = assessment_service_pb2.ReleaseAssessmentRequest(
            name=f"assessments/{assessment}", etag=etag, request_id=request_id
        )
        self._line.call(self._stub.ReleaseAssessment, request, seconds=15)

    def answers(self, assessment: str) -> list[assessment_pb2.Answer]:
        """Every current answer."""
        found: list[assessment_pb2.Answer] = []
        request = recording_pb2.ListAnswersRequest(parent=f"assessments/{assessment}", page_size=500)
        while True:
            page = self._line.call(self._stub.ListAnswers, request)
            found += page.answers
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def report(self, assessment: str) -> report_pb2.Report:
        """The report of a released assessment."""
        request = assessment_service_pb2.GetReportRequest(name=f"assessments/{assessment}/report")
        return self._line.call(self._stub.GetReport, request).report

    def questionnaire(self, name: str) -> questionnaire_pb2.Questionnaire:
        """A questionnaire by its resource name. It never changes."""
        request = questionnaire_service_pb2.GetQuestionnaireRequest(name=name)
        return self._line.call(self._questionnaires.GetQuestionnaire, request).questionnaire

    def latest_questionnaire(self, country: str) -> questionnaire_pb2.Questionnaire | None:
        """What a country asks from the latest day on; None where it asks nothing."""
        request = questionnaire_service_pb2.ListQuestionnairesRequest(page_size=500, country=country)
        found = self._line.call(self._questionnaires.ListQuestionnaires, request).questionnaires
        if not found:
            return None
        latest = max(found, key=lambda one: (one.effective_on.year, one.effective_on.month, one.effective_on.day))
        return self.questionnaire(latest.name)
