"""FinancierService served, on the partners' port: a financier sees and says what concerns its own referrals.

Each call first asks programme whether the factory consents, also one that repeats an earlier call: what is not open at
this moment is not found, and an answer that is remembered is not given.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message as Proto

from amplify.finance_linkage.v1 import financier_service_pb2 as service_pb2
from amplify.finance_linkage.v1.financier_service_pb2_grpc import FinancierServiceServicer
from chassis import access, audit
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, current_call, query
from finance_linkage import incoming
from finance_linkage.domain.states import DeclineReason, InformationKind, State
from finance_linkage.enums import to_domain
from finance_linkage.etags import etag_of
from finance_linkage.parsing import addendum_of, id_of, paging_of, parse_day, parse_money
from finance_linkage.presenting_referrals import present_incoming, present_incoming_pack
from finance_linkage.service import accept
from finance_linkage.storage import referrals
from finance_linkage.use_cases.acknowledge_referral import AcknowledgeReferral
from finance_linkage.use_cases.approve_referral import ApproveReferral
from finance_linkage.use_cases.decline_referral import DeclineReferral
from finance_linkage.use_cases.record_disbursement import RecordDisbursement
from finance_linkage.use_cases.record_signature import RecordSignature
from finance_linkage.use_cases.request_information import RequestInformation

Context = grpc.ServicerContext
AnswerT = TypeVar("AnswerT", bound=Proto)


class FinancierApi(FinancierServiceServicer):
    """A financier's referrals."""

    def ListIncomingReferrals(
        self, request: service_pb2.ListIncomingReferralsRequest, context: Context
    ) -> service_pb2.ListIncomingReferralsResponse:
        """List what was sent to the caller."""

        def work(caller: Identity) -> service_pb2.ListIncomingReferralsResponse:
            states = [to_domain(State, state) for state in request.states]
            listed, grants = incoming.list_incoming(caller, states, paging_of(request))
            return service_pb2.ListIncomingReferralsResponse(
                incoming_referrals=[_present_row(row, grants[row["_id"]]) for row in listed.page.rows],
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)

    def GetIncomingReferral(
        self, request: service_pb2.GetIncomingReferralRequest, context: Context
    ) -> service_pb2.GetIncomingReferralResponse:
        """Show one referral."""

        def work(caller: Identity) -> service_pb2.GetIncomingReferralResponse:
            found = incoming.get_incoming(caller, id_of(request.name))
            return service_pb2.GetIncomingReferralResponse(incoming_referral=_present_row(found.row, found.grant.id))

        return query(work)

    def GetIncomingEvidencePack(
        self, request: service_pb2.GetIncomingEvidencePackRequest, context: Context
    ) -> service_pb2.GetIncomingEvidencePackResponse:
        """Show the evidence pack."""

        def work(caller: Identity) -> service_pb2.GetIncomingEvidencePackResponse:
            row, grant = incoming.get_incoming_pack(caller, id_of(request.name), addendum_of(request.name))
            return service_pb2.GetIncomingEvidencePackResponse(
                incoming_evidence_pack=present_incoming_pack(row, grant.id, grant.fields)
            )

        return query(work)

    def AcknowledgeReferral(
        self, request: service_pb2.AcknowledgeReferralRequest, context: Context
    ) -> service_pb2.AcknowledgeReferralResponse:
        """Say that it has arrived."""
        return _say(
            request,
            service_pb2.AcknowledgeReferralResponse,
            lambda: AcknowledgeReferral(id_of(request.name), request.etag),
        )

    def RequestInformation(
        self, request: service_pb2.RequestInformationRequest, context: Context
    ) -> service_pb2.RequestInformationResponse:
        """Ask for more."""
        kinds = tuple(to_domain(InformationKind, kind) for kind in request.kinds)
        return _say(
            request,
            service_pb2.RequestInformationResponse,
            lambda: RequestInformation(id_of(request.name), kinds, request.etag),
        )

    def ApproveReferral(
        self, request: service_pb2.ApproveReferralRequest, context: Context
    ) -> service_pb2.ApproveReferralResponse:
        """Say that the financier decided to approve."""
        return _say(
            request,
            service_pb2.ApproveReferralResponse,
            lambda: ApproveReferral(id_of(request.name), parse_money(request.approved_amount), request.etag),
        )

    def DeclineReferral(
        self, request: service_pb2.DeclineReferralRequest, context: Context
    ) -> service_pb2.DeclineReferralResponse:
        """Say that the financier decided to decline."""
        return _say(
            request,
            service_pb2.DeclineReferralResponse,
            lambda: DeclineReferral(id_of(request.name), to_domain(DeclineReason, request.reason), request.etag),
        )

    def RecordSignature(
        self, request: service_pb2.RecordSignatureRequest, context: Context
    ) -> service_pb2.RecordSignatureResponse:
        """Say that the contract was signed."""
        return _say(
            request,
            service_pb2.RecordSignatureResponse,
            lambda: RecordSignature(id_of(request.name), parse_day(request.signed_on, "signed_on"), request.etag),
        )

    def RecordDisbursement(
        self, request: service_pb2.RecordDisbursementRequest, context: Context
    ) -> service_pb2.RecordDisbursementResponse:
        """Say that money was paid."""
        return _say(
            request,
            service_pb2.RecordDisbursementResponse,
            lambda: RecordDisbursement(
                id_of(request.name), parse_money(request.amount), parse_day(request.paid_on, "paid_on"), request.etag
            ),
        )


def _say(request: Any, answer: type[AnswerT], asked: Callable[[], object]) -> AnswerT:
    """Run the command if the referral is open to the caller now, and keep in the audit what the answer shows."""
    call = current_call.get()
    access.may(call.caller, call.method)
    grant = incoming.opened(call.caller, id_of(request.name)).grant

    def work(caller: Identity) -> AnswerT:
        referral = accept(asked(), caller)
        shown = present_incoming(referral, etag_of(referrals, referral.id), grant.id)
        audit.record(caller, call.method, [(shown.name, grant.id)])
        return answer(**{"incoming_referral": shown})

    return command(request, answer, work)


def _present_row(row: Row, grant_id: str) -> Any:
    return present_incoming(referrals.revive(row), referrals.etag(row), grant_id)
