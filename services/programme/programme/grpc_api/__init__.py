"""The contracts that this service answers, and how its domain's refusals leave it."""

from typing import Any

import grpc

from amplify.programme.v1 import (
    consent_service_pb2,
    consent_service_pb2_grpc,
    country_programme_service_pb2,
    country_programme_service_pb2_grpc,
    factory_import_service_pb2,
    factory_import_service_pb2_grpc,
    factory_service_pb2,
    factory_service_pb2_grpc,
    hold_service_pb2,
    hold_service_pb2_grpc,
    organisation_service_pb2,
    organisation_service_pb2_grpc,
    timeline_service_pb2,
    timeline_service_pb2_grpc,
)
from chassis.grpc_server import Api
from chassis.interceptors import ErrorTable
from programme.domain.errors import ConsentAlreadyLive, ConsentWrongState, FactoryWrongState, HoldExists, HoldNotOpen
from programme.grpc_api.consents import ConsentApi
from programme.grpc_api.country_programmes import CountryProgrammeApi
from programme.grpc_api.factories import FactoryApi
from programme.grpc_api.holds import HoldApi
from programme.grpc_api.imports import FactoryImportApi
from programme.grpc_api.organisations import OrganisationApi
from programme.grpc_api.timelines import TimelineApi

ERRORS: ErrorTable = {
    FactoryWrongState: grpc.StatusCode.FAILED_PRECONDITION,
    ConsentWrongState: grpc.StatusCode.FAILED_PRECONDITION,
    ConsentAlreadyLive: grpc.StatusCode.FAILED_PRECONDITION,
    HoldExists: grpc.StatusCode.ALREADY_EXISTS,
    HoldNotOpen: grpc.StatusCode.FAILED_PRECONDITION,
}


def _api(contract: Any, stubs: Any, servicer: object) -> Api:
    (descriptor,) = contract.DESCRIPTOR.services_by_name.values()
    return Api(descriptor, servicer, getattr(stubs, f"add_{descriptor.name}Servicer_to_server"), ERRORS)


APIS = (
    _api(country_programme_service_pb2, country_programme_service_pb2_grpc, CountryProgrammeApi()),
    _api(factory_service_pb2, factory_service_pb2_grpc, FactoryApi()),
    _api(organisation_service_pb2, organisation_service_pb2_grpc, OrganisationApi()),
    _api(consent_service_pb2, consent_service_pb2_grpc, ConsentApi()),
    _api(hold_service_pb2, hold_service_pb2_grpc, HoldApi()),
    _api(factory_import_service_pb2, factory_import_service_pb2_grpc, FactoryImportApi()),
    _api(timeline_service_pb2, timeline_service_pb2_grpc, TimelineApi()),
)
