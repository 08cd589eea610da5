"""The services of remediation, and the codes of what their domain refuses."""

import grpc

from amplify.assessment.v1 import (
    advisory_visit_service_pb2,
    advisory_visit_service_pb2_grpc,
    committee_service_pb2,
    committee_service_pb2_grpc,
    improvement_plan_service_pb2,
    improvement_plan_service_pb2_grpc,
    progress_report_service_pb2,
    progress_report_service_pb2_grpc,
)
from assessment.domain import errors
from assessment.remediation.advisory_visit_api import AdvisoryVisitApi
from assessment.remediation.committee_api import CommitteeApi
from assessment.remediation.improvement_plan_api import ImprovementPlanApi
from assessment.remediation.progress_report_api import ProgressReportApi
from chassis.grpc_server import Api
from chassis.interceptors import ErrorTable

ERRORS: ErrorTable = {
    errors.UnknownFactory: grpc.StatusCode.INVALID_ARGUMENT,
    errors.FactoryNotActive: grpc.StatusCode.FAILED_PRECONDITION,
    errors.UnknownCountryProgramme: grpc.StatusCode.FAILED_PRECONDITION,
    errors.UnknownPoint: grpc.StatusCode.INVALID_ARGUMENT,
    errors.LineWrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.InvalidDueDay: grpc.StatusCode.INVALID_ARGUMENT,
    errors.ReferenceMissing: grpc.StatusCode.INVALID_ARGUMENT,
    errors.OwnProof: grpc.StatusCode.PERMISSION_DENIED,
    errors.GradeNeedsStaff: grpc.StatusCode.PERMISSION_DENIED,
    errors.UnknownLine: grpc.StatusCode.INVALID_ARGUMENT,
    errors.ProgressReportWrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.InvalidProgressReport: grpc.StatusCode.INVALID_ARGUMENT,
    errors.VisitWrongState: grpc.StatusCode.FAILED_PRECONDITION,
    errors.InvalidVisit: grpc.StatusCode.INVALID_ARGUMENT,
    errors.InvalidCommittee: grpc.StatusCode.INVALID_ARGUMENT,
    errors.EntryIdReused: grpc.StatusCode.INVALID_ARGUMENT,
}

APIS = [
    Api(
        improvement_plan_service_pb2.DESCRIPTOR.services_by_name["ImprovementPlanService"],
        ImprovementPlanApi(),
        improvement_plan_service_pb2_grpc.add_ImprovementPlanServiceServicer_to_server,
        ERRORS,
    ),
    Api(
        progress_report_service_pb2.DESCRIPTOR.services_by_name["ProgressReportService"],
        ProgressReportApi(),
        progress_report_service_pb2_grpc.add_ProgressReportServiceServicer_to_server,
        ERRORS,
    ),
    Api(
        advisory_visit_service_pb2.DESCRIPTOR.services_by_name["AdvisoryVisitService"],
        AdvisoryVisitApi(),
        advisory_visit_service_pb2_grpc.add_AdvisoryVisitServiceServicer_to_server,
        ERRORS,
    ),
    Api(
        committee_service_pb2.DESCRIPTOR.services_by_name["CommitteeService"],
        CommitteeApi(),
        committee_service_pb2_grpc.add_CommitteeServiceServicer_to_server,
        ERRORS,
    ),
]
