"""`python -m assessment grpc | stream | relay | due | all | migrate | …`: the composition of the service."""

import sys

import grpc

from amplify.assessment.v1 import (
    assessment_service_pb2,
    assessment_service_pb2_grpc,
    questionnaire_service_pb2,
    questionnaire_service_pb2_grpc,
)
from amplify.assessment.v1.recording_pb2 import RecordAnswersRequest
from assessment import questionnaires
from assessment.access import ACTIONS, KINDS
from assessment.bank import load_bank
from assessment.bank.generated import generated_bank
from assessment.checking import check_recording
from assessment.domain import errors
from assessment.grpc_api import AssessmentApi
from assessment.questionnaire_api import QuestionnaireApi
from assessment.service import DUE, REACTS
from assessment.settings import AssessmentSettings
from assessment.storage import AssessmentDocument
from chassis import access
from chassis.grpc_server import Api
from chassis.interceptors import ErrorTable, check_by_hand
from chassis.service import Service, run
from chassis.settings import load

ERRORS: ErrorTable = {
    errors.WrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.UnknownFactory: grpc.StatusCode.INVALID_ARGUMENT,
    errors.FactoryNotActive: grpc.StatusCode.FAILED_PRECONDITION,
    errors.UnknownCountryProgramme: grpc.StatusCode.FAILED_PRECONDITION,
    errors.InvalidPlan: grpc.StatusCode.INVALID_ARGUMENT,
    errors.OutsideWindow: grpc.StatusCode.FAILED_PRECONDITION,
    errors.NotOnTeam: grpc.StatusCode.PERMISSION_DENIED,
    errors.NotTeamLeader: grpc.StatusCode.PERMISSION_DENIED,
    errors.NoQuestionnaire: grpc.StatusCode.FAILED_PRECONDITION,
    errors.AnswersMissing: grpc.StatusCode.FAILED_PRECONDITION,
}


def compose(settings: AssessmentSettings) -> Service:
    """The service as it runs with these settings."""
    access.declare(ACTIONS, KINDS)
    check_by_hand(RecordAnswersRequest, check_recording)

    def publish_questionnaires() -> None:
        generated = settings.generated_questions
        questionnaires.publish(generated_bank(generated) if generated else load_bank())

    return Service(
        name="assessment",
        apis=[
            Api(
                assessment_service_pb2.DESCRIPTOR.services_by_name["AssessmentService"],
                AssessmentApi(),
                assessment_service_pb2_grpc.add_AssessmentServiceServicer_to_server,
                ERRORS,
            ),
            Api(
                questionnaire_service_pb2.DESCRIPTOR.services_by_name["QuestionnaireService"],
                QuestionnaireApi(),
                questionnaire_service_pb2_grpc.add_QuestionnaireServiceServicer_to_server,
            ),
        ],
        consumers=REACTS,
        due=DUE,
        documents=[AssessmentDocument],
        prepare=publish_questionnaires,
    )


if __name__ == "__main__":
    loaded = load(AssessmentSettings)
    run(compose(loaded), loaded, sys.argv[1:])
