"""The contracts that this service answers, for staff and for financiers, and how its refusals leave it."""

from typing import Any

import grpc

from amplify.finance_linkage.v1 import (
    eligibility_service_pb2,
    eligibility_service_pb2_grpc,
    environment_service_pb2,
    environment_service_pb2_grpc,
    finance_profile_service_pb2,
    finance_profile_service_pb2_grpc,
    financier_service_pb2,
    financier_service_pb2_grpc,
    product_service_pb2,
    product_service_pb2_grpc,
    referral_service_pb2,
    referral_service_pb2_grpc,
)
from chassis.grpc_server import Api
from chassis.interceptors import ErrorTable
from finance_linkage.domain import errors
from finance_linkage.grpc_api.eligibilities import EligibilityApi
from finance_linkage.grpc_api.financiers import FinancierApi
from finance_linkage.grpc_api.products import ProductApi
from finance_linkage.grpc_api.records import EnvironmentApi, FinanceProfileApi
from finance_linkage.grpc_api.referrals import ReferralApi

_ARGUMENT, _STATE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION
ERRORS: ErrorTable = {
    errors.UnknownFactory: _ARGUMENT,
    errors.FactoryNotActive: _STATE,
    errors.UnknownProduct: _ARGUMENT,
    errors.FinancierNotOffering: _ARGUMENT,
    errors.NotEligible: _STATE,
    errors.ReferralOpen: _STATE,
    errors.WrongState: _STATE,
    errors.ConsentNotLive: _STATE,
    errors.CurrencyForeign: _ARGUMENT,
    errors.AmountOutsideLimits: _ARGUMENT,
    errors.AmountTooHigh: _ARGUMENT,
    errors.AmountZero: _ARGUMENT,
    errors.LinesInvalid: _ARGUMENT,
    errors.DayInvalid: _ARGUMENT,
    errors.OutcomeInvalid: _ARGUMENT,
    errors.UnknownBuyerProgramme: _ARGUMENT,
    errors.YearInvalid: _ARGUMENT,
    errors.UnitMismatch: _ARGUMENT,
    errors.FiguresInvalid: _ARGUMENT,
    errors.VerificationByOfficer: grpc.StatusCode.PERMISSION_DENIED,
    errors.UnknownCountryProgramme: _STATE,
    errors.TooManyRevisions: _STATE,
    errors.ReferralFull: _STATE,
}


def _api(contract: Any, stubs: Any, servicer: object) -> Api:
    (descriptor,) = contract.DESCRIPTOR.services_by_name.values()
    return Api(descriptor, servicer, getattr(stubs, f"add_{descriptor.name}Servicer_to_server"), ERRORS)


APIS = (
    _api(product_service_pb2, product_service_pb2_grpc, ProductApi()),
    _api(eligibility_service_pb2, eligibility_service_pb2_grpc, EligibilityApi()),
    _api(finance_profile_service_pb2, finance_profile_service_pb2_grpc, FinanceProfileApi()),
    _api(environment_service_pb2, environment_service_pb2_grpc, EnvironmentApi()),
    _api(referral_service_pb2, referral_service_pb2_grpc, ReferralApi()),
)
PARTNER_APIS = (_api(financier_service_pb2, financier_service_pb2_grpc, FinancierApi()),)
