"""What a financier's program does besides: see the referrals that were sent to it, and say what it decides."""

import uuid
from collections.abc import Iterator, Sequence

import grpc
from google.type.date_pb2 import Date

from amplify.finance_linkage.v1 import financier_service_pb2 as pb
from amplify.finance_linkage.v1.financier_service_pb2_grpc import FinancierServiceStub
from amplify.finance_linkage.v1.incoming_referral_pb2 import IncomingEvidencePack, IncomingReferral
from amplify.finance_linkage.v1.money_pb2 import Money
from amplify.finance_linkage.v1.referral_states_pb2 import DeclineReason, InformationKind, ReferralState
from amplify_client.calling import pages
from amplify_client.connection import Connection
from amplify_client.tokens import Credentials


class FinancierClient(Connection):
    """A financier's program at finance linkage's port for partners; every call raises `Refused` where it is refused.

    `name` is that of a referral, `incomingReferrals/…`. A change takes the `etag` that was read, or none to change
    whatever is there; each answers with the referral as it is then, and is harmless to repeat on a bad network.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        channel_credentials: grpc.ChannelCredentials | None = None,
        seconds: float = 20.0,
    ) -> None:
        """See `Connection`."""
        super().__init__(address, credentials, channel_credentials=channel_credentials, seconds=seconds)
        self._stub = FinancierServiceStub(self._channel)

    def referrals(
        self, *, states: Sequence[ReferralState.ValueType] = (), page_size: int = 100
    ) -> Iterator[IncomingReferral]:
        """The referrals that were sent to you, by when they were sent."""
        request = pb.ListIncomingReferralsRequest(states=states, page_size=page_size)

        def turn(token: str) -> tuple[list[IncomingReferral], str]:
            request.page_token = token
            answer = self._caller.call(self._stub.ListIncomingReferrals, request)
            return list(answer.incoming_referrals), answer.next_page_token

        return pages(turn)

    def referral(self, name: str) -> IncomingReferral:
        """One of them."""
        request = pb.GetIncomingReferralRequest(name=name)
        return self._caller.call(self._stub.GetIncomingReferral, request).incoming_referral

    def evidence_pack(self, name: str) -> IncomingEvidencePack:
        """The evidence of one of them: the parts that the factory lets you see now."""
        request = pb.GetIncomingEvidencePackRequest(name=f"{name}/evidencePack")
        return self._caller.call(self._stub.GetIncomingEvidencePack, request).incoming_evidence_pack

    def acknowledge(self, name: str, *, etag: str = "") -> IncomingReferral:
        """Say that it has arrived and is looked at."""
        request = pb.AcknowledgeReferralRequest(name=name, etag=etag, request_id=_fresh())
        return self._caller.call(self._stub.AcknowledgeReferral, request).incoming_referral

    def request_information(
        self, name: str, kinds: Sequence[InformationKind.ValueType], *, etag: str = ""
    ) -> IncomingReferral:
        """Ask for what is missing."""
        request = pb.RequestInformationRequest(name=name, kinds=kinds, etag=etag, request_id=_fresh())
        return self._caller.call(self._stub.RequestInformation, request).incoming_referral

    def approve(self, name: str, amount: Money, *, etag: str = "") -> IncomingReferral:
        """Say that you decided to approve: in the currency that was asked for, and not more."""
        request = pb.ApproveReferralRequest(name=name, approved_amount=amount, etag=etag, request_id=_fresh())
        return self._caller.call(self._stub.ApproveReferral, request).incoming_referral

    def decline(self, name: str, reason: DeclineReason.ValueType, *, etag: str = "") -> IncomingReferral:
        """Say that you decided to decline, and why."""
        request = pb.DeclineReferralRequest(name=name, reason=reason, etag=etag, request_id=_fresh())
        return self._caller.call(self._stub.DeclineReferral, request).incoming_referral

    def record_signature(self, name: str, signed_on: Date, *, etag: str = "") -> IncomingReferral:
        """Say that the contract was signed, on a day from the approval to today."""
        request = pb.RecordSignatureRequest(name=name, signed_on=signed_on, etag=etag, request_id=_fresh())
        return self._caller.call(self._stub.RecordSignature, request).incoming_referral

    def record_disbursement(self, name: str, amount: Money, paid_on: Date, *, etag: str = "") -> IncomingReferral:
        """Say that money was paid out, on a day from the signature to today."""
        request = pb.RecordDisbursementRequest(
            name=name, amount=amount, paid_on=paid_on, etag=etag, request_id=_fresh()
        )
        return self._caller.call(self._stub.RecordDisbursement, request).incoming_referral


def _fresh() -> str:
    return str(uuid.uuid4())
