"""Programme's consent ledger for these tests: a gRPC server of its own contract, with the grants that a test gives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import grpc

from amplify.programme.v1 import consent_grant_pb2, consent_lists_pb2, consent_service_pb2
from amplify.programme.v1.consent_service_pb2_grpc import (
    ConsentServiceServicer,
    add_ConsentServiceServicer_to_server,
)


@dataclass
class Grant:
    """A live grant for finance."""

    factory_id: str
    organisation_id: str
    reference: str = ""
    fields: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: str(uuid4()))


class Ledger(ConsentServiceServicer):
    """Answers what the service asks. While `down` it answers UNAVAILABLE."""

    def __init__(self) -> None:
        self.grants: list[Grant] = []
        self.down = False

    def CheckConsent(self, request: Any, context: grpc.ServicerContext) -> consent_service_pb2.CheckConsentResponse:
        """A grant for the very reference first, then one for the factory as such."""
        self._answer(context)
        asked = (request.factory, request.organisation)
        assert request.scope == consent_grant_pb2.CONSENT_SCOPE_FINANCE
        assert request.purpose == consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL
        fitting = [one for one in self.grants if _names(one) == asked and one.reference in ("", request.reference)]
        for one in sorted(fitting, key=lambda one: not one.reference):
            return consent_service_pb2.CheckConsentResponse(
                live=True, consent_grant=f"consentGrants/{one.id}", fields=one.fields
            )
        return consent_service_pb2.CheckConsentResponse()

    def ListLiveConsents(
        self, request: Any, context: grpc.ServicerContext
    ) -> consent_lists_pb2.ListLiveConsentsResponse:
        """All of an organisation's grants, one a page."""
        self._answer(context)
        mine = [one for one in self.grants if _names(one)[1] == request.organisation]
        place = int(request.page_token or 0)
        response = consent_lists_pb2.ListLiveConsentsResponse(total_size=len(mine))
        for one in mine[place : place + 1]:
            response.live_consents.add(
                consent_grant=f"consentGrants/{one.id}",
                factory=_names(one)[0],
                organisation=request.organisation,
                scope=consent_grant_pb2.CONSENT_SCOPE_FINANCE,
                purpose=consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL,
                reference=one.reference,
                fields=one.fields,
            )
        response.next_page_token = str(place + 1) if place + 1 < len(mine) else ""
        return response

    def _answer(self, context: grpc.ServicerContext) -> None:
        if self.down:
            context.abort(grpc.StatusCode.UNAVAILABLE, "down")


def _names(grant: Grant) -> tuple[str, str]:
    return f"factories/{grant.factory_id}", f"organisations/{grant.organisation_id}"


@contextmanager
def serving() -> Iterator[tuple[Ledger, str]]:
    """The ledger, and the address at which it answers."""
    ledger = Ledger()  # type: ignore[abstract]  # the service asks nothing else of it
    server = grpc.server(ThreadPoolExecutor(4))
    add_ConsentServiceServicer_to_server(ledger, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield ledger, f"127.0.0.1:{port}"
    server.stop(0)
