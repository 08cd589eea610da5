"""Finance linkage leads factories to finance: who is eligible for what and why, and what became of a referral.

It keeps the financial products and their rules as dated data, decides on every product whenever something about a
factory changes, and keeps each decision as a receipt that names its evidence. It leads a referral from the officer's
proposal over the factory's consent and a frozen evidence pack to a named financier. That financier alone says what it
decided; of a serious case this service knows no more than that the programme holds a factory.
"""

from collections.abc import Callable, Mapping
from typing import Any

from amplify.finance_linkage.v1 import eligibility_events_pb2 as decided
from amplify.finance_linkage.v1 import environment_events_pb2 as environment
from amplify.finance_linkage.v1 import finance_profile_events_pb2 as profiled
from amplify.finance_linkage.v1 import product_events_pb2 as offered
from amplify.finance_linkage.v1 import referral_events_pb2 as referred
from amplify.finance_linkage.v1 import referral_result_events_pb2 as resulted
from chassis.due_work import Handlers
from chassis.identity import Identity
from finance_linkage import deadlines, incoming, policies, queries, referral_queries
from finance_linkage.read_models import consents, country_programmes, dossiers
from finance_linkage.sagas import referral as saga
from finance_linkage.use_cases.acknowledge_referral import AcknowledgeReferral, acknowledge_referral
from finance_linkage.use_cases.approve_referral import ApproveReferral, approve_referral
from finance_linkage.use_cases.close_referral import CloseReferral, close_referral
from finance_linkage.use_cases.decline_referral import DeclineReferral, decline_referral
from finance_linkage.use_cases.freeze_evidence_pack import FreezeEvidencePack, freeze_evidence_pack
from finance_linkage.use_cases.propose_referral import ProposeReferral, propose_referral
from finance_linkage.use_cases.provide_information import ProvideInformation, provide_information
from finance_linkage.use_cases.record_buyer_score import RecordBuyerScore, record_buyer_score
from finance_linkage.use_cases.record_disbursement import RecordDisbursement, record_disbursement
from finance_linkage.use_cases.record_outcome import RecordOutcome, record_outcome
from finance_linkage.use_cases.record_ownership import RecordOwnership, record_ownership
from finance_linkage.use_cases.record_signature import RecordSignature, record_signature
from finance_linkage.use_cases.request_information import RequestInformation, request_information
from finance_linkage.use_cases.send_referral import SendReferral, send_referral
from finance_linkage.use_cases.stop_referral import StopReferral, stop_referral
from finance_linkage.use_cases.submit_environmental_record import SubmitEnvironmentalRecord, submit_environmental_record

ACCEPTS: Mapping[type, Callable[[Any, Identity], Any]] = {
    SubmitEnvironmentalRecord: submit_environmental_record,
    RecordBuyerScore: record_buyer_score,
    RecordOwnership: record_ownership,
    ProposeReferral: propose_referral,
    FreezeEvidencePack: freeze_evidence_pack,
    SendReferral: send_referral,
    AcknowledgeReferral: acknowledge_referral,
    RequestInformation: request_information,
    ProvideInformation: provide_information,
    ApproveReferral: approve_referral,
    DeclineReferral: decline_referral,
    RecordSignature: record_signature,
    RecordDisbursement: record_disbursement,
    RecordOutcome: record_outcome,
    CloseReferral: close_referral,
    StopReferral: stop_referral,
}
"""Command -> use case."""

REACTS = (
    country_programmes.CONSUMER,
    consents.CONSUMER,
    dossiers.CONSUMER,
    policies.CONSENTED,
    policies.REVISED,
)
"""Facts: what is known of factories, which consent to what, and own products that were revised."""

ANNOUNCES = (
    offered.ProductRevised,
    decided.EligibilityDecided,
    decided.TierChanged,
    environment.EnvironmentalRecordSubmitted,
    profiled.BuyerScoreRecorded,
    profiled.OwnershipRecorded,
    referred.ReferralProposed,
    referred.ReferralConsented,
    referred.EvidencePackFrozen,
    referred.ReferralSent,
    referred.ReferralAcknowledged,
    referred.InformationRequested,
    referred.InformationProvided,
    resulted.ReferralApproved,
    resulted.ReferralDeclined,
    resulted.ReferralSigned,
    resulted.ReferralDisbursed,
    resulted.ReferralOutcomeRecorded,
    resulted.ReferralClosed,
    resulted.ReferralStopped,
    resulted.ReferralStepOverdue,
)
"""Own facts that leave this service; receipts and evidence packs do not."""

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "ListProducts": queries.list_products,
    "ListEligibilities": queries.list_eligibilities,
    "CountEligibilities": queries.count_eligibilities,
    "ListReceipts": queries.list_receipts,
    "ListFinanceableLines": queries.list_financeable_lines,
    "ListEnvironmentalRecords": queries.list_environmental_records,
    "ListReferrals": referral_queries.list_referrals,
    "CountWork": referral_queries.count_work,
    "CountPipeline": referral_queries.count_pipeline,
    "ListIncomingReferrals": incoming.list_incoming,
}
"""Question -> query; what is asked for by its name is read as it is kept."""

DUE: tuple[Handlers, ...] = (
    {
        deadlines.EVALUATE: policies.evaluate_when_something_changed,
        deadlines.RECHECK: policies.evaluate_when_something_changed,
        deadlines.BEGINS: policies.note_consent_when_it_begins,
        saga.OVERDUE: policies.escalate_when_a_step_is_overdue,
    },
    {deadlines.SWEEP: policies.evaluate_some_when_all_are_to_be},
)
"""Due work -> policy; a sweep of all factories delays nothing else."""


def accept(command: object, caller: Identity) -> Any:
    """Run the use case of a command on behalf of its caller, in the unit of work at hand."""
    return ACCEPTS[type(command)](command, caller)
