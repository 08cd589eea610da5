"""EligibilityService served."""

import grpc

from amplify.finance_linkage.v1 import eligibility_service_pb2 as service_pb2
from amplify.finance_linkage.v1.eligibility_service_pb2_grpc import EligibilityServiceServicer
from chassis.identity import Identity
from chassis.rpc import query
from finance_linkage import queries
from finance_linkage.domain.rules import Outcome
from finance_linkage.enums import to_contract, to_domain
from finance_linkage.parsing import id_of, paging_of
from finance_linkage.presenting import day_of, present_eligibility, present_receipt

Context = grpc.ServicerContext


class EligibilityApi(EligibilityServiceServicer):
    """Who is eligible for what, and why."""

    def GetEligibility(
        self, request: service_pb2.GetEligibilityRequest, context: Context
    ) -> service_pb2.GetEligibilityResponse:
        """Show the decisions on one factory."""
        return query(
            lambda caller: service_pb2.GetEligibilityResponse(
                eligibility=present_eligibility(queries.get_eligibility(caller, id_of(request.name)))
            )
        )

    def ListEligibilities(
        self, request: service_pb2.ListEligibilitiesRequest, context: Context
    ) -> service_pb2.ListEligibilitiesResponse:
        """List factories with their decisions."""

        def work(caller: Identity) -> service_pb2.ListEligibilitiesResponse:
            outcome = to_domain(Outcome, request.outcome) if request.outcome else None
            listed = queries.list_eligibilities(
                caller, request.country, id_of(request.product), outcome, request.tier, paging_of(request)
            )
            return service_pb2.ListEligibilitiesResponse(
                eligibilities=map(present_eligibility, listed.page.rows),
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)

    def CountEligibilities(
        self, request: service_pb2.CountEligibilitiesRequest, context: Context
    ) -> service_pb2.CountEligibilitiesResponse:
        """Count decisions."""

        def work(caller: Identity) -> service_pb2.CountEligibilitiesResponse:
            response = service_pb2.CountEligibilitiesResponse()
            for row in queries.count_eligibilities(caller, request.country):
                response.counts.add(
                    product=f"products/{row['product']}",
                    outcome=to_contract(Outcome(row["outcome"])),
                    tier=row["tier"],
                    factories=row["factories"],
                )
            return response

        return query(work)

    def GetReceipt(self, request: service_pb2.GetReceiptRequest, context: Context) -> service_pb2.GetReceiptResponse:
        """Show one receipt."""
        return query(
            lambda caller: service_pb2.GetReceiptResponse(
                receipt=present_receipt(queries.get_receipt(caller, id_of(request.name)), caller)
            )
        )

    def ListReceipts(
        self, request: service_pb2.ListReceiptsRequest, context: Context
    ) -> service_pb2.ListReceiptsResponse:
        """List the receipts of a factory."""

        def work(caller: Identity) -> service_pb2.ListReceiptsResponse:
            listed = queries.list_receipts(caller, id_of(request.parent), id_of(request.product), paging_of(request))
            return service_pb2.ListReceiptsResponse(
                receipts=[present_receipt(row, caller) for row in listed.page.rows],
                next_page_token=listed.page.next_page_token,
                total_size=listed.total,
            )

        return query(work)

    def ListFinanceableLines(
        self, request: service_pb2.ListFinanceableLinesRequest, context: Context
    ) -> service_pb2.ListFinanceableLinesResponse:
        """List the open lines that a product finances."""

        def work(caller: Identity) -> service_pb2.ListFinanceableLinesResponse:
            listed = queries.list_financeable_lines(
                caller, id_of(request.parent), id_of(request.product), paging_of(request)
            )
            response = service_pb2.ListFinanceableLinesResponse(
                next_page_token=listed.page.next_page_token, total_size=listed.total
            )
            for row in listed.page.rows:
                codes = {name: row[name] for name in ("line_id", "cluster", "point", "state")}
                response.financeable_lines.add(**codes, due_day=day_of(row.get("due_day", "")))
            return response

        return query(work)
