"""Asks programme, at each read, what an organisation may see now; nothing is remembered, and no answer means no."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol

import grpc

from amplify.programme.v1 import consent_grant_pb2, consent_lists_pb2, consent_service_pb2_grpc
from chassis.errors import Unavailable
from chassis.grpc_client import channel

DEADLINE_SECONDS = 2.0
PAGE_SIZE = 500


class Scope(Enum):
    """The scopes that this service opens to partners; the value is the contract's."""

    REPORTS = consent_grant_pb2.CONSENT_SCOPE_REPORTS
    IMPROVEMENT_PLAN = consent_grant_pb2.CONSENT_SCOPE_IMPROVEMENT_PLAN


@dataclass(frozen=True)
class Grant:
    """A live grant. `fields` are the paths that it opens, none for all of the scope; times are in UTC."""

    id: str
    factory_id: str
    scope: Scope
    fields: tuple[str, ...]
    purpose: int
    starts_at: datetime
    expires_at: datetime


Grants = Mapping[tuple[str, Scope], Grant]
"""Live grants by factory and scope: there is one for each at most."""


class Consents(Protocol):
    """What an organisation may see at this moment."""

    def live(self, organisation_id: str, factory_id: str = "") -> Grants:
        """Its live grants, or only those of one factory. Raises Unavailable where that cannot be known."""


class ProgrammeConsents:
    """The answer of the programme service, which reads it with the majority and keeps no cache either."""

    def __init__(self, address: str, token: Callable[[], str]) -> None:
        self._stub = consent_service_pb2_grpc.ConsentServiceStub(channel(address, token))

    def live(self, organisation_id: str, factory_id: str = "") -> Grants:
        """See `Consents.live`; waits two seconds for each 500 grants at most."""
        try:
            return {(one.factory_id, one.scope): one for one in self._pages(organisation_id, factory_id)}
        except grpc.RpcError:
            raise Unavailable(
                "The factories' consents cannot be asked for now, and nothing is shown without."
            ) from None

    def _pages(self, organisation_id: str, factory_id: str) -> Iterator[Grant]:
        request = consent_lists_pb2.ListLiveConsentsRequest(
            organisation=f"organisations/{organisation_id}",
            factory=f"factories/{factory_id}" if factory_id else "",
            page_size=PAGE_SIZE,
        )
        while True:
            answer = self._stub.ListLiveConsents(request, timeout=DEADLINE_SECONDS)
            yield from (_grant(row) for row in answer.live_consents if _is_ours(row))
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token


def _is_ours(row: consent_lists_pb2.LiveConsent) -> bool:
    """A grant for one single thing, such as a referral, opens nothing here."""
    return row.scope in {scope.value for scope in Scope} and not row.reference


def _grant(row: consent_lists_pb2.LiveConsent) -> Grant:
    return Grant(
        id=row.consent_grant.removeprefix("consentGrants/"),
        factory_id=row.factory.removeprefix("factories/"),
        scope=Scope(row.scope),
        fields=tuple(row.fields),
        purpose=row.purpose,
        starts_at=row.start_time.ToDatetime(UTC),
        expires_at=row.expire_time.ToDatetime(UTC),
    )
