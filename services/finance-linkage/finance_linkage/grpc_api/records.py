"""FinanceProfileService and EnvironmentService served: what is recorded of factories."""

import grpc

from amplify.finance_linkage.v1 import environment_service_pb2 as environment_pb2
from amplify.finance_linkage.v1 import finance_profile_service_pb2 as profile_pb2
from amplify.finance_linkage.v1.environment_service_pb2_grpc import EnvironmentServiceServicer
from amplify.finance_linkage.v1.environmental_record_pb2 import EnvironmentalRecord
from amplify.finance_linkage.v1.finance_profile_service_pb2_grpc import FinanceProfileServiceServicer
from chassis.database import Row
from chassis.identity import Identity
from chassis.rpc import command, query
from finance_linkage import queries
from finance_linkage.domain.environmental_record import record_id
from finance_linkage.domain.figures import Verification
from finance_linkage.enums import to_domain
from finance_linkage.etags import etag_of
from finance_linkage.parsing import id_of, paging_of, parse_day, parse_figures, year_of
from finance_linkage.presenting import present_profile, present_record
from finance_linkage.service import accept
from finance_linkage.storage import environmental_records, finance_profiles
from finance_linkage.use_cases.record_buyer_score import RecordBuyerScore
from finance_linkage.use_cases.record_ownership import RecordOwnership
from finance_linkage.use_cases.submit_environmental_record import SubmitEnvironmentalRecord

Context = grpc.ServicerContext


class FinanceProfileApi(FinanceProfileServiceServicer):
    """Buyers' scores, and who owns a factory."""

    def GetFinanceProfile(
        self, request: profile_pb2.GetFinanceProfileRequest, context: Context
    ) -> profile_pb2.GetFinanceProfileResponse:
        """Show one profile."""

        def work(caller: Identity) -> profile_pb2.GetFinanceProfileResponse:
            row = queries.get_finance_profile(caller, id_of(request.name))
            shown = present_profile(finance_profiles.revive(row), finance_profiles.etag(row))
            return profile_pb2.GetFinanceProfileResponse(finance_profile=shown)

        return query(work)

    def RecordBuyerScore(
        self, request: profile_pb2.RecordBuyerScoreRequest, context: Context
    ) -> profile_pb2.RecordBuyerScoreResponse:
        """Record how a buyer scores a factory."""

        def work(caller: Identity) -> profile_pb2.RecordBuyerScoreResponse:
            asked = RecordBuyerScore(
                id_of(request.name),
                request.buyer_programme,
                request.score,
                parse_day(request.scored_on, "scored_on"),
                request.evidence,
                request.etag,
            )
            profile = accept(asked, caller)
            shown = present_profile(profile, etag_of(finance_profiles, profile.id))
            return profile_pb2.RecordBuyerScoreResponse(finance_profile=shown)

        return command(request, profile_pb2.RecordBuyerScoreResponse, work)

    def RecordOwnership(
        self, request: profile_pb2.RecordOwnershipRequest, context: Context
    ) -> profile_pb2.RecordOwnershipResponse:
        """Record who owns a factory."""

        def work(caller: Identity) -> profile_pb2.RecordOwnershipResponse:
            asked = RecordOwnership(
                id_of(request.name),
                request.women_owned_percent,
                request.women_board_percent,
                parse_day(request.as_of_day, "as_of_day"),
                request.evidence,
                request.etag,
            )
            profile = accept(asked, caller)
            shown = present_profile(profile, etag_of(finance_profiles, profile.id))
            return profile_pb2.RecordOwnershipResponse(finance_profile=shown)

        return command(request, profile_pb2.RecordOwnershipResponse, work)


class EnvironmentApi(EnvironmentServiceServicer):
    """Environmental records by year."""

    def SubmitEnvironmentalRecord(
        self, request: environment_pb2.SubmitEnvironmentalRecordRequest, context: Context
    ) -> environment_pb2.SubmitEnvironmentalRecordResponse:
        """Submit the record of a year, or a correction."""

        def work(caller: Identity) -> environment_pb2.SubmitEnvironmentalRecordResponse:
            asked = SubmitEnvironmentalRecord(
                id_of(request.name),
                year_of(request.name),
                parse_figures(request.figures),
                to_domain(Verification, request.verification),
                request.etag,
            )
            record = accept(asked, caller)
            shown = present_record(record, etag_of(environmental_records, record.id))
            return environment_pb2.SubmitEnvironmentalRecordResponse(environmental_record=shown)

        return command(request, environment_pb2.SubmitEnvironmentalRecordResponse, work)

    def GetEnvironmentalRecord(
        self, request: environment_pb2.GetEnvironmentalRecordRequest, context: Context
    ) -> environment_pb2.GetEnvironmentalRecordResponse:
        """Show one record."""

        def work(caller: Identity) -> environment_pb2.GetEnvironmentalRecordResponse:
            record = record_id(id_of(request.name), year_of(request.name))
            return environment_pb2.GetEnvironmentalRecordResponse(
                environmental_record=_shown(queries.get_environmental_record(caller, record))
            )

        return query(work)

    def ListEnvironmentalRecords(
        self, request: environment_pb2.ListEnvironmentalRecordsRequest, context: Context
    ) -> environment_pb2.ListEnvironmentalRecordsResponse:
        """List the records of a factory."""

        def work(caller: Identity) -> environment_pb2.ListEnvironmentalRecordsResponse:
            listed = queries.list_environmental_records(caller, id_of(request.parent), paging_of(request))
            return environment_pb2.ListEnvironmentalRecordsResponse(
                environmental_records=map(_shown, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)


def _shown(row: Row) -> EnvironmentalRecord:
    return present_record(environmental_records.revive(row), environmental_records.etag(row))
