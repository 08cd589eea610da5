"""AssessmentService served: parse, hand to the service's tables, present."""

import grpc

from amplify.assessment.v1 import assessment_service_pb2 as service_pb2
from amplify.assessment.v1 import assessment_service_pb2_grpc as service_grpc
from amplify.assessment.v1 import planning_pb2, recording_pb2
from assessment import queries
from assessment.domain import errors
from assessment.domain.states import CancelReason, ReturnReason, State
from assessment.enums import to_domain
from assessment.parsing import id_of, parse_days, parse_operations, parse_plan
from assessment.presenting import (
    present,
    present_answer,
    present_report,
    present_row,
)
from assessment.service import accept
from assessment.storage import etag_of
from assessment.use_cases.cancel_assessment import CancelAssessment
from assessment.use_cases.plan_assessment import PlanAssessment
from assessment.use_cases.record_answers import RecordAnswers
from assessment.use_cases.release_assessment import ReleaseAssessment
from assessment.use_cases.reschedule_assessment import RescheduleAssessment
from assessment.use_cases.return_assessment import ReturnAssessment
from assessment.use_cases.start_assessment import StartAssessment
from assessment.use_cases.submit_assessment import SubmitAssessment
from chassis.errors import Invalid, Violation
from chassis.identity import Identity
from chassis.rpc import command, query

Context = grpc.ServicerContext


class AssessmentApi(service_grpc.AssessmentServiceServicer):
    """From a secret plan to a released report."""

    def PlanAssessment(
        self, request: planning_pb2.PlanAssessmentRequest, context: Context
    ) -> planning_pb2.PlanAssessmentResponse:
        """Plan a visit in secret."""

        def work(caller: Identity) -> planning_pb2.PlanAssessmentResponse:
            planned = accept(
                PlanAssessment(
                    request.assessment_id,
                    id_of(request.factory),
                    request.team_leader,
                    tuple(request.advisors),
                    parse_plan(request.window, request.on_site_days),
                ),
                caller,
            )
            return planning_pb2.PlanAssessmentResponse(assessment=present(planned, etag_of(planned)))

        return command(request, planning_pb2.PlanAssessmentResponse, work)

    def RescheduleAssessment(
        self, request: planning_pb2.RescheduleAssessmentRequest, context: Context
    ) -> planning_pb2.RescheduleAssessmentResponse:
        """Move a planned visit."""

        def work(caller: Identity) -> planning_pb2.RescheduleAssessmentResponse:
            plan = parse_plan(request.window, request.on_site_days)
            moved = accept(RescheduleAssessment(id_of(request.name), plan, request.etag), caller)
            return planning_pb2.RescheduleAssessmentResponse(assessment=present(moved, etag_of(moved)))

        return command(request, planning_pb2.RescheduleAssessmentResponse, work)

    def CancelAssessment(
        self, request: planning_pb2.CancelAssessmentRequest, context: Context
    ) -> planning_pb2.CancelAssessmentResponse:
        """Call a planned visit off."""

        def work(caller: Identity) -> planning_pb2.CancelAssessmentResponse:
            reason = to_domain(CancelReason, request.reason)
            cancelled = accept(CancelAssessment(id_of(request.name), reason, request.etag), caller)
            return planning_pb2.CancelAssessmentResponse(assessment=present(cancelled, etag_of(cancelled)))

        return command(request, planning_pb2.CancelAssessmentResponse, work)

    def StartAssessment(
        self, request: planning_pb2.StartAssessmentRequest, context: Context
    ) -> planning_pb2.StartAssessmentResponse:
        """Start the visit."""

        def work(caller: Identity) -> planning_pb2.StartAssessmentResponse:
            started = accept(StartAssessment(id_of(request.name), request.etag), caller)
            return planning_pb2.StartAssessmentResponse(assessment=present(started, etag_of(started)))

        return command(request, planning_pb2.StartAssessmentResponse, work)

    def RecordAnswers(
        self, request: recording_pb2.RecordAnswersRequest, context: Context
    ) -> recording_pb2.RecordAnswersResponse:
        """Record answers, all or none."""

        def work(caller: Identity) -> recording_pb2.RecordAnswersResponse:
            operations = parse_operations(request.operations, caller.subject)
            try:
                changed = accept(RecordAnswers(id_of(request.name), operations), caller)
            except errors.InvalidAnswers as error:
                violations = tuple(Violation(one.field, one.reason, one.description) for one in error.problems)
                raise Invalid(error.description, reason=error.reason, violations=violations) from None
            return recording_pb2.RecordAnswersResponse(recorded=len(operations), changed_question_ids=changed)

        return command(request, recording_pb2.RecordAnswersResponse, work)

    def SubmitAssessment(
        self, request: service_pb2.SubmitAssessmentRequest, context: Context
    ) -> service_pb2.SubmitAssessmentResponse:
        """Hand the answers over."""

        def work(caller: Identity) -> service_pb2.SubmitAssessmentResponse:
            days = parse_days(request.on_site_days, "on_site_days") or None
            submitted = accept(SubmitAssessment(id_of(request.name), days, request.etag), caller)
            return service_pb2.SubmitAssessmentResponse(assessment=present(submitted, etag_of(submitted)))

        return command(request, service_pb2.SubmitAssessmentResponse, work)

    def ReturnAssessment(
        self, request: service_pb2.ReturnAssessmentRequest, context: Context
    ) -> service_pb2.ReturnAssessmentResponse:
        """Send the answers back."""

        def work(caller: Identity) -> service_pb2.ReturnAssessmentResponse:
            reason = to_domain(ReturnReason, request.reason)
            returned = accept(ReturnAssessment(id_of(request.name), reason, request.etag), caller)
            return service_pb2.ReturnAssessmentResponse(assessment=present(returned, etag_of(returned)))

        return command(request, service_pb2.ReturnAssessmentResponse, work)

    def ReleaseAssessment(
        self, request: service_pb2.ReleaseAssessmentRequest, context: Context
    ) -> service_pb2.ReleaseAssessmentResponse:
        """Release the report."""

        def work(caller: Identity) -> service_pb2.ReleaseAssessmentResponse:
            released = accept(ReleaseAssessment(id_of(request.name), request.etag), caller)
            return service_pb2.ReleaseAssessmentResponse(
                assessment=present(released, etag_of(released)), report=present_report(released, released.report)
            )

        return command(request, service_pb2.ReleaseAssessmentResponse, work)

    def GetAssessment(
        self, request: service_pb2.GetAssessmentRequest, context: Context
    ) -> service_pb2.GetAssessmentResponse:
        """Show one assessment."""
        return query(
            lambda caller: service_pb2.GetAssessmentResponse(
                assessment=present_row(queries.get_assessment(caller, id_of(request.name)))
            )
        )

    def ListAssessments(
        self, request: service_pb2.ListAssessmentsRequest, context: Context
    ) -> service_pb2.ListAssessmentsResponse:
        """List assessments, the latest window first."""

        def work(caller: Identity) -> service_pb2.ListAssessmentsResponse:
            listed = queries.list_assessments(
                caller,
                factory_id=id_of(request.factory) if request.factory else "",
                country=request.country,
                states=[to_domain(State, state) for state in request.states if state],
                page_size=request.page_size,
                page_token=request.page_token,
            )
            return service_pb2.ListAssessmentsResponse(
                assessments=map(present_row, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)

    def ListAnswers(
        self, request: recording_pb2.ListAnswersRequest, context: Context
    ) -> recording_pb2.ListAnswersResponse:
        """List the current answers."""

        def work(caller: Identity) -> recording_pb2.ListAnswersResponse:
            assessment_id = id_of(request.parent)
            listed = queries.list_answers(
                caller, assessment_id, page_size=request.page_size, page_token=request.page_token
            )
            questions = listed.questionnaire.by_id if listed.questionnaire else {}
            return recording_pb2.ListAnswersResponse(
                answers=[
                    present_answer(assessment_id, answer, questions[answer.question_id].kind)
                    for answer in listed.answers
                ],
                next_page_token=listed.next_page_token,
                total_size=listed.total,
            )

        return query(work)

    def GetReport(self, request: service_pb2.GetReportRequest, context: Context) -> service_pb2.GetReportResponse:
        """Show a released report."""

        def work(caller: Identity) -> service_pb2.GetReportResponse:
            assessment, report = queries.get_report(caller, id_of(request.name))
            return service_pb2.GetReportResponse(report=present_report(assessment, report))

        return query(work)
