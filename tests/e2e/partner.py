"""A factory's consents and a partner's program, through the services' own RPCs."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import grpc

from amplify.programme.v1.consent_grant_pb2 import ConsentGrant, ConsentScope
from amplify.programme.v1.consent_service_pb2 import GrantConsentRequest, WithdrawConsentRequest
from amplify.programme.v1.consent_service_pb2_grpc import ConsentServiceStub
from amplify_client import Credentials, PartnerClient
from local_stack.people import directory
from local_stack.platform import Platform

BUYER = "north-sea-apparel"


class Consents:
    """The consent ledger, as an officer keeps it who acts for factories."""

    def __init__(self, stack: Platform) -> None:
        self._stack = stack
        self._stub = ConsentServiceStub(grpc.insecure_channel(stack.addresses["programme"]))
        self._token = stack.token("programme-officer")

    def grant(
        self, factory: str, scope: ConsentScope.ValueType, *fields: str, organisation: str = BUYER
    ) -> ConsentGrant:
        """Give consent for a month."""
        request = GrantConsentRequest(
            consent_grant_id=str(uuid4()),
            factory=f"factories/{factory}",
            organisation=f"organisations/{organisation}",
            scope=scope,
            fields=fields,
            evidence="Letter of the factory",
            request_id=str(uuid4()),
        )
        request.expire_time.FromDatetime(datetime.now(UTC) + timedelta(days=30))
        return self._stub.GrantConsent(request, metadata=self._metadata(), timeout=20).consent_grant

    def withdraw(self, name: str) -> None:
        """Take it back; returns when that is acknowledged."""
        request = WithdrawConsentRequest(name=name, request_id=str(uuid4()))
        self._stub.WithdrawConsent(request, metadata=self._metadata(), timeout=20)

    def _metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        return (("authorization", f"Bearer {self._token}"),)


def program_of(stack: Platform, organisation: str = BUYER) -> PartnerClient:
    """A partner's own program at the port for partners."""
    return PartnerClient(stack.addresses["assessment-partner"], credentials_of(stack, organisation))


def credentials_of(stack: Platform, organisation: str) -> Credentials:
    """With what an organisation's program gets its tokens."""
    client = directory().client(f"{organisation}-client")
    assert client is not None
    return Credentials(f"{stack.addresses['identity']}/token", client.id, client.secret)
