"""What the console asks of finance linkage: products, eligibility with receipts, records, and referrals."""

import grpc

from amplify.finance_linkage.v1 import (
    eligibility_pb2,
    eligibility_service_pb2,
    eligibility_service_pb2_grpc,
    environment_service_pb2,
    environment_service_pb2_grpc,
    environmental_record_pb2,
    evidence_pack_pb2,
    finance_profile_pb2,
    finance_profile_service_pb2,
    finance_profile_service_pb2_grpc,
    product_pb2,
    product_service_pb2,
    product_service_pb2_grpc,
    referral_lists_pb2,
    referral_pb2,
    referral_service_pb2_grpc,
    referral_steps_pb2,
    referral_work_pb2,
)
from console.clients.channel import Line


class Finance:
    """Calls to finance linkage for one person. Ids are without their collection."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._products = product_service_pb2_grpc.ProductServiceStub(channel)
        self._eligibility = eligibility_service_pb2_grpc.EligibilityServiceStub(channel)
        self._environment = environment_service_pb2_grpc.EnvironmentServiceStub(channel)
        self._profiles = finance_profile_service_pb2_grpc.FinanceProfileServiceStub(channel)
        self._referrals = referral_service_pb2_grpc.ReferralServiceStub(channel)

    def products(self) -> list[product_pb2.Product]:
        """All products: a handful."""
        request = product_service_pb2.ListProductsRequest(page_size=500)
        return list(self._line.call(self._products.ListProducts, request).products)

    def product(self, product: str) -> product_pb2.Product:
        """One product with its rules."""
        request = product_service_pb2.GetProductRequest(name=f"products/{product}")
        return self._line.call(self._products.GetProduct, request).product

    def eligibility(self, factory: str) -> eligibility_pb2.Eligibility:
        """What a factory is eligible for."""
        request = eligibility_service_pb2.GetEligibilityRequest(name=f"factories/{factory}/eligibility")
        return self._line.call(self._eligibility.GetEligibility, request).eligibility

    def eligibilities(
        self, request: eligibility_service_pb2.ListEligibilitiesRequest
    ) -> eligibility_service_pb2.ListEligibilitiesResponse:
        """A page of factories with what they are eligible for."""
        return self._line.call(self._eligibility.ListEligibilities, request)

    def eligibility_counts(self, country: str) -> eligibility_service_pb2.CountEligibilitiesResponse:
        """How many factories have each outcome of each product."""
        request = eligibility_service_pb2.CountEligibilitiesRequest(country=country)
        return self._line.call(self._eligibility.CountEligibilities, request)

    def receipt(self, receipt: str) -> eligibility_pb2.Receipt:
        """One receipt."""
        request = eligibility_service_pb2.GetReceiptRequest(name=f"receipts/{receipt}")
        return self._line.call(self._eligibility.GetReceipt, request).receipt

    def receipts(self, factory: str, product: str) -> eligibility_service_pb2.ListReceiptsResponse:
        """The receipts of a factory for a product, the latest first."""
        request = eligibility_service_pb2.ListReceiptsRequest(
            parent=f"factories/{factory}", product=f"products/{product}" if product else "", page_size=50
        )
        return self._line.call(self._eligibility.ListReceipts, request)

    def financeable_lines(self, factory: str, product: str) -> list[eligibility_service_pb2.FinanceableLine]:
        """The open improvement lines of a factory that a product finances, in codes."""
        request = eligibility_service_pb2.ListFinanceableLinesRequest(
            parent=f"factories/{factory}", product=product, page_size=100
        )
        return list(self._line.call(self._eligibility.ListFinanceableLines, request).financeable_lines)

    def environmental_records(self, factory: str) -> list[environmental_record_pb2.EnvironmentalRecord]:
        """The environmental records of a factory, the latest year first."""
        request = environment_service_pb2.ListEnvironmentalRecordsRequest(parent=f"factories/{factory}", page_size=50)
        return list(self._line.call(self._environment.ListEnvironmentalRecords, request).environmental_records)

    def submit_environment(self, request: environment_service_pb2.SubmitEnvironmentalRecordRequest) -> None:
        """Submit, or correct, the record of a year."""
        self._line.call(self._environment.SubmitEnvironmentalRecord, request)

    def profile(self, factory: str) -> finance_profile_pb2.FinanceProfile:
        """Buyer scores and ownership of a factory."""
        request = finance_profile_service_pb2.GetFinanceProfileRequest(name=f"factories/{factory}/financeProfile")
        return self._line.call(self._profiles.GetFinanceProfile, request).finance_profile

    def record_score(self, request: finance_profile_service_pb2.RecordBuyerScoreRequest) -> None:
        """Record what a buyer's programme scored."""
        self._line.call(self._profiles.RecordBuyerScore, request)

    def record_ownership(self, request: finance_profile_service_pb2.RecordOwnershipRequest) -> None:
        """Record who owns the factory."""
        self._line.call(self._profiles.RecordOwnership, request)

    def referrals(self, request: referral_lists_pb2.ListReferralsRequest) -> referral_lists_pb2.ListReferralsResponse:
        """A page of referrals."""
        return self._line.call(self._referrals.ListReferrals, request)

    def referral(self, referral: str) -> referral_pb2.Referral:
        """One referral."""
        request = referral_lists_pb2.GetReferralRequest(name=f"referrals/{referral}")
        return self._line.call(self._referrals.GetReferral, request).referral

    def evidence(self, referral: str) -> evidence_pack_pb2.EvidencePack:
        """The frozen pack of a referral."""
        request = referral_lists_pb2.GetEvidencePackRequest(name=f"referrals/{referral}/evidencePack")
        return self._line.call(self._referrals.GetEvidencePack, request).evidence_pack

    def propose(self, request: referral_steps_pb2.ProposeReferralRequest) -> None:
        """Propose a referral."""
        self._line.call(self._referrals.ProposeReferral, request)

    def freeze(self, request: referral_steps_pb2.FreezeEvidencePackRequest) -> None:
        """Freeze the evidence."""
        self._line.call(self._referrals.FreezeEvidencePack, request)

    def send(self, request: referral_steps_pb2.SendReferralRequest) -> None:
        """Send it to the financier."""
        self._line.call(self._referrals.SendReferral, request)

    def provide(self, request: referral_steps_pb2.ProvideInformationRequest) -> None:
        """Say that what was asked for is provided."""
        self._line.call(self._referrals.ProvideInformation, request)

    def record_outcome(self, request: referral_steps_pb2.RecordOutcomeRequest) -> None:
        """Record what came of it."""
        self._line.call(self._referrals.RecordOutcome, request)

    def close(self, request: referral_steps_pb2.CloseReferralRequest) -> None:
        """Close it."""
        self._line.call(self._referrals.CloseReferral, request)

    def stop(self, request: referral_steps_pb2.StopReferralRequest) -> None:
        """Stop it."""
        self._line.call(self._referrals.StopReferral, request)

    def work(self, country: str) -> referral_work_pb2.CountWorkResponse:
        """What waits, and for whom."""
        return self._line.call(self._referrals.CountWork, referral_work_pb2.CountWorkRequest(country=country))

    def pipeline(self, country: str) -> referral_work_pb2.CountPipelineResponse:
        """How many referrals stand where, with their sums."""
        return self._line.call(self._referrals.CountPipeline, referral_work_pb2.CountPipelineRequest(country=country))
