"""A client of the service's own gRPC server, which speaks for anybody and reads refusals."""

from typing import Any

import grpc
import neighbours as they
import pytest
from callers import Issuer
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from amplify.notifications.v1.delivery_service_pb2_grpc import DeliveryServiceStub
from amplify.notifications.v1.inbox_service_pb2_grpc import InboxServiceStub
from amplify.notifications.v1.preferences_service_pb2_grpc import PreferencesServiceStub
from amplify.notifications.v1.recipient_service_pb2_grpc import RecipientServiceStub

Refusal = tuple[str, str, list[str]]


class Line:
    """A client of the service that speaks for anybody."""

    def __init__(self, issuer: Issuer, port: int) -> None:
        self._issuer = issuer
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.inbox, self.people = InboxServiceStub(channel), RecipientServiceStub(channel)
        self.preferences, self.deliveries = PreferencesServiceStub(channel), DeliveryServiceStub(channel)

    def call(
        self, method: Any, request: Any, subject: str = they.MANAGER, role: str = "factory-manager", **more: Any
    ) -> Any:
        """Call as this person."""
        token = self._issuer.token(sub=subject, roles=[role], **more)
        return method(request, metadata=[("authorization", f"Bearer {token}")], timeout=60)

    def refusal(self, method: Any, request: Any, *who: str, **more: Any) -> Refusal:
        """Code, reason and fields of the refusal."""
        with pytest.raises(grpc.RpcError) as refused:
            self.call(method, request, *who, **more)
        return told(refused.value)


def told(error: grpc.RpcError) -> Refusal:
    """What a refusal says in its details."""
    status = rpc_status.from_call(error)
    assert status is not None
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        _ = detail.Unpack(info) or detail.Unpack(bad)
    assert info.domain == "amplify"
    return error.code().name, info.reason, [one.field for one in bad.field_violations]
