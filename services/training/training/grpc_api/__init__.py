"""The contracts that this service answers, and how its domain's refusals leave it."""

from typing import Any

import grpc

from amplify.training.v1 import (
    certificate_service_pb2,
    certificate_service_pb2_grpc,
    course_service_pb2,
    course_service_pb2_grpc,
    participant_service_pb2,
    participant_service_pb2_grpc,
    recommendation_service_pb2,
    recommendation_service_pb2_grpc,
    session_service_pb2,
    session_service_pb2_grpc,
)
from chassis.grpc_server import Api
from chassis.interceptors import ErrorTable
from training.domain import errors
from training.grpc_api.certificates import CertificateApi
from training.grpc_api.courses import CourseApi
from training.grpc_api.participants import ParticipantApi
from training.grpc_api.recommendations import RecommendationApi
from training.grpc_api.sessions import SessionApi

ERRORS: ErrorTable = {
    errors.WrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.InvalidDays: grpc.StatusCode.INVALID_ARGUMENT,
    errors.OverCapacity: grpc.StatusCode.FAILED_PRECONDITION,
    errors.NotOver: grpc.StatusCode.FAILED_PRECONDITION,
    errors.AttendanceMissing: grpc.StatusCode.FAILED_PRECONDITION,
    errors.UnknownCourse: grpc.StatusCode.INVALID_ARGUMENT,
    errors.UnknownFactory: grpc.StatusCode.INVALID_ARGUMENT,
    errors.FactoryNotActive: grpc.StatusCode.FAILED_PRECONDITION,
    errors.UnknownCountry: grpc.StatusCode.FAILED_PRECONDITION,
    errors.CertificateRevoked: grpc.StatusCode.FAILED_PRECONDITION,
    errors.NotOpen: grpc.StatusCode.FAILED_PRECONDITION,
}


def _api(contract: Any, stubs: Any, servicer: object) -> Api:
    (descriptor,) = contract.DESCRIPTOR.services_by_name.values()
    return Api(descriptor, servicer, getattr(stubs, f"add_{descriptor.name}Servicer_to_server"), ERRORS)


APIS = (
    _api(course_service_pb2, course_service_pb2_grpc, CourseApi()),
    _api(session_service_pb2, session_service_pb2_grpc, SessionApi()),
    _api(participant_service_pb2, participant_service_pb2_grpc, ParticipantApi()),
    _api(certificate_service_pb2, certificate_service_pb2_grpc, CertificateApi()),
    _api(recommendation_service_pb2, recommendation_service_pb2_grpc, RecommendationApi()),
)
