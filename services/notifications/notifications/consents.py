"""Asks programme, at the moment of sending, whether a factory's consent still holds."""

from collections.abc import Callable
from typing import Protocol

import grpc

from amplify.programme.v1 import consent_grant_pb2, consent_service_pb2, consent_service_pb2_grpc
from chassis.errors import Unavailable
from chassis.grpc_client import channel


class CannotTell(Exception):
    """Programme gave no answer. Not knowing counts as no: the message waits."""


class Consents(Protocol):
    """Who may be told of what a factory shares."""

    def live(self, factory_id: str, organisation_id: str, scope: str, reference: str) -> bool:
        """Whether the organisation has a live grant of the scope now; `reference` names the one thing it may be for,
        empty for the factory as such. Raises CannotTell."""


class ProgrammeConsents:
    """The answer of the programme service, never remembered."""

    def __init__(self, address: str, token: Callable[[], str]) -> None:
        self._stub = consent_service_pb2_grpc.ConsentServiceStub(channel(address, token))

    def live(self, factory_id: str, organisation_id: str, scope: str, reference: str) -> bool:
        """See `Consents.live`; waits five seconds at most."""
        request = consent_service_pb2.CheckConsentRequest(
            factory=f"factories/{factory_id}",
            organisation=f"organisations/{organisation_id}",
            scope=consent_grant_pb2.ConsentScope.Value(f"CONSENT_SCOPE_{scope}"),
            reference=reference,
        )
        try:
            return bool(self._stub.CheckConsent(request).live)
        except (grpc.RpcError, Unavailable) as error:
            raise CannotTell from error
