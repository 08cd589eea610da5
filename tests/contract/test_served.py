"""Every RPC of the contracts is answered by its service, under a policy; and nothing else is."""

import importlib

import pytest
from descriptions import contracts

import assessment.__main__
import finance_linkage.grpc_api
import notifications.grpc_api
import programme.grpc_api
import training.grpc_api
from assessment.settings import AssessmentSettings
from chassis.grpc_server import Api
from chassis.operations_api import OperationsApi

from .declared import SERVICES


def _apis(service: str) -> list[Api]:
    """What a service serves of its own contracts."""
    if service == "assessment":
        settings = AssessmentSettings(
            environment="test", mongodb_uri="mongodb://-", mongodb_database="-", kafka_bootstrap="-:-"
        )
        composed = assessment.__main__.compose(settings)
        return [*composed.apis, *composed.partner_apis]
    if service == "notifications":
        return list(notifications.grpc_api.apis())
    if service == "finance_linkage":
        return [*finance_linkage.grpc_api.APIS, *finance_linkage.grpc_api.PARTNER_APIS]
    return list({"programme": programme.grpc_api.APIS, "training": training.grpc_api.APIS}[service])


def _declared(service: str) -> set[str]:
    prefix = f"amplify.{service}.v1."
    return {name for name, one in contracts().elements.items() if one.kind == "service" and name.startswith(prefix)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_serves_its_contracts_and_no_others(service: str) -> None:
    assert {api.descriptor.full_name for api in _apis(service)} == _declared(service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_rpc_is_answered_by_the_service_itself(service: str) -> None:
    for api in _apis(service):
        for method in api.descriptor.methods:
            answer = getattr(type(api.servicer), method.name)
            assert not answer.__module__.startswith("amplify."), f"{method.full_name} is not implemented"


def test_operations_are_answered_by_the_chassis() -> None:
    for rpc in (name for name, one in contracts().elements.items() if one.kind == "rpc" and ".platform." in name):
        assert getattr(OperationsApi, rpc.rsplit(".", 1)[1]).__module__ == "chassis.operations_api"


@pytest.mark.parametrize("service", SERVICES)
def test_every_rpc_has_a_policy_and_every_policy_an_rpc(service: str) -> None:
    actions = importlib.import_module(f"{service}.access").ACTIONS
    methods = {method.name for api in _apis(service) for method in api.descriptor.methods}
    assert set(actions) == methods
    assert [name for name, rules in actions.items() if not rules] == []
