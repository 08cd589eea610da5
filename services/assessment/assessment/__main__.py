"""`python -m assessment grpc | stream | relay | due | all | migrate | …`: the composition of the service."""

import sys

import grpc

from amplify.assessment.v1 import (
    assessment_service_pb2,
    assessment_service_pb2_grpc,
    partner_service_pb2,
    partner_service_pb2_grpc,
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
from assessment.partner_api import PartnerApi
from assessment.partners.access import ROLES, SHOWN
from assessment.partners.consents import Consents, ProgrammeConsents
from assessment.partners.storage import RetractionDocument
from assessment.partners.storage import prepare as prepare_partner_reads
from assessment.questionnaire_api import QuestionnaireApi
from assessment.remediation.apis import APIS as REMEDIATION_APIS
from assessment.remediation.storage import DOCUMENTS as REMEDIATION_DOCUMENTS
from assessment.service import DUE, REACTS
from assessment.settings import AssessmentSettings
from assessment.storage import AssessmentDocument
from chassis import access
from chassis.grpc_client import ServiceToken
from chassis.grpc_server import Api
from chassis.interceptors import ErrorTable, check_by_hand
from chassis.secret_keys import derived
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


def compose(settings: AssessmentSettings, consents: Consents | None = None) -> Service:
    """The service as it runs with these settings; `consents` answers instead of the programme that they name."""
    access.declare(ACTIONS, KINDS, SHOWN)
    check_by_hand(RecordAnswersRequest, check_recording)

    def prepare() -> None:
        prepare_partner_reads()
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
            *REMEDIATION_APIS,
        ],
        partner_apis=[partner_api(settings, consents)],
        partner_roles=ROLES,
        consumers=REACTS,
        due=DUE,
        documents=[AssessmentDocument, RetractionDocument, *REMEDIATION_DOCUMENTS],
        prepare=prepare,
    )


def partner_api(settings: AssessmentSettings, consents: Consents | None) -> Api:
    """What partners are served, on a port of their own."""
    asked = consents or ProgrammeConsents(settings.programme_address, ServiceToken(settings))
    key = derived(settings.secret_key_file, "resume token")
    return Api(
        partner_service_pb2.DESCRIPTOR.services_by_name["PartnerService"],
        PartnerApi(asked, key, settings.partner_heartbeat_seconds),
        partner_service_pb2_grpc.add_PartnerServiceServicer_to_server,
    )


if __name__ == "__main__":
    loaded = load(AssessmentSettings)
    run(compose(loaded), loaded, sys.argv[1:])
