"""QuestionnaireService served: reads of what is asked."""

import grpc

from amplify.assessment.v1 import questionnaire_service_pb2 as service_pb2
from amplify.assessment.v1 import questionnaire_service_pb2_grpc as service_grpc
from assessment import queries
from assessment.parsing import id_of
from assessment.presenting import present_questionnaire, present_questionnaire_head
from chassis.identity import Identity
from chassis.rpc import query

Context = grpc.ServicerContext


class QuestionnaireApi(service_grpc.QuestionnaireServiceServicer):
    """Reads of what is asked."""

    def GetQuestionnaire(
        self, request: service_pb2.GetQuestionnaireRequest, context: Context
    ) -> service_pb2.GetQuestionnaireResponse:
        """Show one questionnaire with all its questions."""
        return query(
            lambda caller: service_pb2.GetQuestionnaireResponse(
                questionnaire=present_questionnaire(queries.get_questionnaire(caller, id_of(request.name)))
            )
        )

    def ListQuestionnaires(
        self, request: service_pb2.ListQuestionnairesRequest, context: Context
    ) -> service_pb2.ListQuestionnairesResponse:
        """List questionnaires without their questions."""

        def work(caller: Identity) -> service_pb2.ListQuestionnairesResponse:
            listed = queries.list_questionnaires(
                caller, country=request.country, page_size=request.page_size, page_token=request.page_token
            )
            return service_pb2.ListQuestionnairesResponse(
                questionnaires=map(present_questionnaire_head, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)
