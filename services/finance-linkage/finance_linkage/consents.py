"""Asks programme, each time, whether a factory lets a financier see what finance needs. Never answered from a cache."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import grpc

from amplify.programme.v1 import consent_grant_pb2, consent_lists_pb2, consent_service_pb2, consent_service_pb2_grpc
from amplify.programme.v1.programme_events_pb2 import ConsentExpired, ConsentGranted, ConsentRenewed, ConsentWithdrawn
from chassis.errors import Unavailable
from chassis.grpc_client import channel

_PAGE = 500
_PURPOSE = consent_grant_pb2.CONSENT_PURPOSE_FINANCE_REFERRAL


Told = ConsentGranted | ConsentRenewed | ConsentWithdrawn | ConsentExpired
"""A fact of the ledger about one grant."""


def concerns_referrals(fact: Told) -> bool:
    """Whether a grant opens what a referral shows, for referrals; one for another purpose opens nothing here."""
    return fact.scope == consent_grant_pb2.CONSENT_SCOPE_FINANCE and fact.purpose == _PURPOSE


@dataclass(frozen=True)
class LiveGrant:
    """A grant that is live at this moment; `fields` are the paths it opens, none for all of them."""

    id: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class OpenNow:
    """What a financier may see at this moment: whole factories, and single referrals; each with its grant."""

    factories: dict[str, str]
    referrals: dict[str, str]

    def grant_for(self, factory_id: str, referral_id: str) -> str:
        """The grant that opens a referral; empty where none does."""
        return self.referrals.get(referral_id) or self.factories.get(factory_id, "")


class Consents(Protocol):
    """Who may see what of a factory now. Both raise Unavailable where programme gives no answer: that counts as no."""

    def live(self, factory_id: str, financier_id: str, referral_id: str) -> LiveGrant | None:
        """The live grant under which the financier sees this referral; None without one."""

    def open_now(self, financier_id: str) -> OpenNow:
        """Everything that is open to the financier."""


class ProgrammeConsents:
    """The answer of the programme service."""

    def __init__(self, address: str, token: Callable[[], str]) -> None:
        self._stub = consent_service_pb2_grpc.ConsentServiceStub(channel(address, token))

    def live(self, factory_id: str, financier_id: str, referral_id: str) -> LiveGrant | None:
        """See `Consents.live`; waits five seconds at most."""
        request = consent_service_pb2.CheckConsentRequest(
            factory=f"factories/{factory_id}",
            organisation=f"organisations/{financier_id}",
            scope=consent_grant_pb2.CONSENT_SCOPE_FINANCE,
            purpose=_PURPOSE,
            reference=f"referrals/{referral_id}",
        )
        answer = _asked(lambda: self._stub.CheckConsent(request))
        return LiveGrant(_id(answer.consent_grant), tuple(answer.fields)) if answer.live else None

    def open_now(self, financier_id: str) -> OpenNow:
        """See `Consents.open_now`."""
        found = OpenNow({}, {})
        for one in self._pages(financier_id):
            if one.purpose != _PURPOSE:
                continue
            if not one.reference:
                found.factories[_id(one.factory)] = _id(one.consent_grant)
            elif one.reference.startswith("referrals/"):
                found.referrals[_id(one.reference)] = _id(one.consent_grant)
        return found

    def _pages(self, financier_id: str) -> Iterator[Any]:
        request = consent_lists_pb2.ListLiveConsentsRequest(
            organisation=f"organisations/{financier_id}",
            scope=consent_grant_pb2.CONSENT_SCOPE_FINANCE,
            page_size=_PAGE,
        )
        while True:
            answer = _asked(lambda: self._stub.ListLiveConsents(request))
            yield from answer.live_consents
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except grpc.RpcError:
        raise Unavailable("Whether the factory consents cannot be asked now; nothing is shown or sent.") from None


def _id(name: str) -> str:
    return name.rsplit("/", 1)[-1]


_consents: Consents | None = None


def configure(consents: Consents) -> None:
    """Whom to ask from now on; once, as the process is put together."""
    global _consents
    _consents = consents


def ask() -> Consents:
    """Whom to ask."""
    if _consents is None:
        raise RuntimeError("nobody is there to be asked for consents")
    return _consents
