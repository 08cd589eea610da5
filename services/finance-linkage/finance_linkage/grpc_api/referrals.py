"""ReferralService served: what officers and factories do and see."""

from collections.abc import Callable
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message as Proto

from amplify.finance_linkage.v1 import referral_lists_pb2 as lists_pb2
from amplify.finance_linkage.v1 import referral_pb2
from amplify.finance_linkage.v1 import referral_steps_pb2 as steps_pb2
from amplify.finance_linkage.v1 import referral_work_pb2 as work_pb2
from amplify.finance_linkage.v1.referral_service_pb2_grpc import ReferralServiceServicer
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, query
from finance_linkage import archive, referral_queries
from finance_linkage.domain.referral import Referral
from finance_linkage.domain.states import Side, State, StopReason
from finance_linkage.enums import to_contract, to_domain
from finance_linkage.etags import etag_of
from finance_linkage.parsing import addendum_of, id_of, paging_of, parse_money, parse_outcome
from finance_linkage.presenting import moment
from finance_linkage.presenting_referrals import present_pack, present_referral, sum_of
from finance_linkage.service import accept
from finance_linkage.storage import referrals
from finance_linkage.use_cases.close_referral import CloseReferral
from finance_linkage.use_cases.freeze_evidence_pack import FreezeEvidencePack
from finance_linkage.use_cases.propose_referral import ProposeReferral
from finance_linkage.use_cases.provide_information import ProvideInformation
from finance_linkage.use_cases.record_outcome import RecordOutcome
from finance_linkage.use_cases.send_referral import SendReferral
from finance_linkage.use_cases.stop_referral import StopReferral

Context = grpc.ServicerContext
AnswerT = TypeVar("AnswerT", bound=Proto)


class ReferralApi(ReferralServiceServicer):
    """From the proposal to the outcome; no RPC here says what a financier decided."""

    def ProposeReferral(
        self, request: steps_pb2.ProposeReferralRequest, context: Context
    ) -> steps_pb2.ProposeReferralResponse:
        """Propose to refer a factory."""
        return _step(
            request,
            steps_pb2.ProposeReferralResponse,
            lambda: ProposeReferral(
                request.referral_id,
                id_of(request.factory),
                id_of(request.product),
                id_of(request.financier),
                parse_money(request.amount),
                tuple(request.lines),
            ),
        )

    def FreezeEvidencePack(
        self, request: steps_pb2.FreezeEvidencePackRequest, context: Context
    ) -> steps_pb2.FreezeEvidencePackResponse:
        """Freeze the evidence."""

        def work(caller: Identity) -> steps_pb2.FreezeEvidencePackResponse:
            referral = accept(FreezeEvidencePack(id_of(request.name), request.etag), caller)
            return steps_pb2.FreezeEvidencePackResponse(
                referral=_present(referral, caller), evidence_pack=present_pack(archive.pack(referral.id))
            )

        return command(request, steps_pb2.FreezeEvidencePackResponse, work)

    def SendReferral(self, request: steps_pb2.SendReferralRequest, context: Context) -> steps_pb2.SendReferralResponse:
        """Send it to its financier."""
        return _step(request, steps_pb2.SendReferralResponse, lambda: SendReferral(id_of(request.name), request.etag))

    def ProvideInformation(
        self, request: steps_pb2.ProvideInformationRequest, context: Context
    ) -> steps_pb2.ProvideInformationResponse:
        """Say that information was provided."""
        return _step(
            request,
            steps_pb2.ProvideInformationResponse,
            lambda: ProvideInformation(id_of(request.name), tuple(request.references), request.etag),
        )

    def RecordOutcome(
        self, request: steps_pb2.RecordOutcomeRequest, context: Context
    ) -> steps_pb2.RecordOutcomeResponse:
        """Record what came of it."""
        return _step(
            request,
            steps_pb2.RecordOutcomeResponse,
            lambda: RecordOutcome(id_of(request.name), parse_outcome(request.outcome), request.etag),
        )

    def CloseReferral(
        self, request: steps_pb2.CloseReferralRequest, context: Context
    ) -> steps_pb2.CloseReferralResponse:
        """Close it."""
        return _step(request, steps_pb2.CloseReferralResponse, lambda: CloseReferral(id_of(request.name), request.etag))

    def StopReferral(self, request: steps_pb2.StopReferralRequest, context: Context) -> steps_pb2.StopReferralResponse:
        """Stop it."""
        return _step(
            request,
            steps_pb2.StopReferralResponse,
            lambda: StopReferral(id_of(request.name), to_domain(StopReason, request.reason), request.etag),
        )

    def GetReferral(self, request: lists_pb2.GetReferralRequest, context: Context) -> lists_pb2.GetReferralResponse:
        """Show one referral."""
        return query(
            lambda caller: lists_pb2.GetReferralResponse(
                referral=_present_row(referral_queries.get_referral(caller, id_of(request.name)), caller)
            )
        )

    def ListReferrals(
        self, request: lists_pb2.ListReferralsRequest, context: Context
    ) -> lists_pb2.ListReferralsResponse:
        """List referrals."""

        def work(caller: Identity) -> lists_pb2.ListReferralsResponse:
            wanted = referral_queries.Wanted(
                request.country,
                id_of(request.factory),
                id_of(request.product),
                id_of(request.financier),
                [to_domain(State, state) for state in request.states],
                to_domain(Side, request.waiting_for) if request.waiting_for else None,
                request.overdue_only,
            )
            listed = referral_queries.list_referrals(caller, wanted, paging_of(request))
            return lists_pb2.ListReferralsResponse(
                referrals=[_present_row(row, caller) for row in listed.page.rows],
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)

    def GetEvidencePack(
        self, request: lists_pb2.GetEvidencePackRequest, context: Context
    ) -> lists_pb2.GetEvidencePackResponse:
        """Show the evidence pack."""
        return query(
            lambda caller: lists_pb2.GetEvidencePackResponse(
                evidence_pack=present_pack(
                    referral_queries.get_pack(caller, id_of(request.name), addendum_of(request.name))
                )
            )
        )

    def CountWork(self, request: work_pb2.CountWorkRequest, context: Context) -> work_pb2.CountWorkResponse:
        """Count what waits for whom."""

        def work(caller: Identity) -> work_pb2.CountWorkResponse:
            response = work_pb2.CountWorkResponse()
            for row in referral_queries.count_work(caller, request.country):
                response.counts.add(
                    waiting_for=to_contract(Side(row["_id"]["waiting_for"])),
                    state=to_contract(State(row["_id"]["state"])),
                    referrals=row["referrals"],
                    overdue=row["overdue"],
                    oldest_since=moment(row["oldest"]),
                )
            return response

        return query(work)

    def CountPipeline(self, request: work_pb2.CountPipelineRequest, context: Context) -> work_pb2.CountPipelineResponse:
        """Count the pipeline."""

        def work(caller: Identity) -> work_pb2.CountPipelineResponse:
            response = work_pb2.CountPipelineResponse()
            for row in referral_queries.count_pipeline(caller, request.country, id_of(request.product)):
                sums = {name: sum_of(row[name], row["_id"]["currency"]) for name in _SUMS}
                response.counts.add(state=to_contract(State(row["_id"]["state"])), referrals=row["referrals"], **sums)
            return response

        return query(work)


_SUMS = ("requested", "approved", "disbursed")


def _step(request: Any, answer: type[AnswerT], asked: Callable[[], object]) -> AnswerT:
    """Run the command that the request asks for, and answer with the referral as it is then."""
    return command(request, answer, lambda caller: answer(**{"referral": _present(accept(asked(), caller), caller)}))


def _present(referral: Referral, caller: Identity) -> referral_pb2.Referral:
    return present_referral(referral, etag_of(referrals, referral.id), caller)


def _present_row(row: Row, caller: Identity) -> referral_pb2.Referral:
    return present_referral(referrals.revive(row), referrals.etag(row), caller)
