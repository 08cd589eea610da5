"""The RPCs about what became of messages, and about addresses that bounce."""

import grpc

from amplify.notifications.v1 import delivery_pb2, message_pb2
from amplify.notifications.v1 import delivery_service_pb2 as wire
from amplify.notifications.v1.delivery_service_pb2_grpc import DeliveryServiceServicer
from chassis.access import EVERYTHING
from chassis.identity import Identity
from chassis.rpc import command, query
from notifications import contracts, queries
from notifications.storage import messages, recipients
from notifications.use_cases.lift_suppression import LiftSuppression, lift_suppression
from notifications.use_cases.report_bounce import ReportBounce, report_bounce


class DeliveryApi(DeliveryServiceServicer):
    """For those who look after delivery; never the words of a message or an address."""

    def ListDeliveries(
        self, request: wire.ListDeliveriesRequest, context: grpc.ServicerContext
    ) -> wire.ListDeliveriesResponse:
        """What became of messages."""

        def work(caller: Identity) -> wire.ListDeliveriesResponse:
            page, total = queries.deliveries(caller, _asked(request), request.page_size, request.page_token)
            found = [messages.revive(row) for row in page.rows]
            names = queries.names_of(one.recipient for one in found)
            return wire.ListDeliveriesResponse(
                deliveries=[contracts.delivery(one, names.get(one.recipient, "")) for one in found],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def ListSuppressions(
        self, request: wire.ListSuppressionsRequest, context: grpc.ServicerContext
    ) -> wire.ListSuppressionsResponse:
        """Whose address nothing goes to any more, and why."""

        def work(caller: Identity) -> wire.ListSuppressionsResponse:
            wanted = (request.include_counting, request.page_size, request.page_token)
            page, total = queries.suppressions(caller, *wanted)
            return wire.ListSuppressionsResponse(
                suppressions=[contracts.suppression(recipients.revive(row), recipients.etag(row)) for row in page.rows],
                next_page_token=page.next_page_token,
                total_size=total,
            )

        return query(work)

    def LiftSuppression(
        self, request: wire.LiftSuppressionRequest, context: grpc.ServicerContext
    ) -> wire.LiftSuppressionResponse:
        """Let messages go there again."""

        def work(caller: Identity) -> wire.LiftSuppressionResponse:
            id = request.name.split("/")[1]
            lift_suppression(LiftSuppression(id, request.etag), caller)
            return wire.LiftSuppressionResponse(suppression=_suppression(id))

        return command(request, wire.LiftSuppressionResponse, work)

    def ReportBounce(
        self, request: wire.ReportBounceRequest, context: grpc.ServicerContext
    ) -> wire.ReportBounceResponse:
        """Take in a provider's report."""

        def work(caller: Identity) -> wire.ReportBounceResponse:
            verb = ReportBounce(request.name.removeprefix("messages/"), request.status_code)
            return wire.ReportBounceResponse(suppression=_suppression(report_bounce(verb, caller)))

        return command(request, wire.ReportBounceResponse, work)


def _asked(request: wire.ListDeliveriesRequest) -> dict[str, str]:
    asked = {
        "state": message_pb2.MessageState.Name(request.state).removeprefix("MESSAGE_STATE_") if request.state else "",
        "reason": message_pb2.FailureReason.Name(request.reason).removeprefix("FAILURE_REASON_")
        if request.reason
        else "",
        "factory_id": request.factory.removeprefix("factories/"),
        "recipient": request.recipient.removeprefix("recipients/"),
    }
    return {name: value for name, value in asked.items() if value}


def _suppression(id: str) -> delivery_pb2.Suppression:
    """As it is after a verb that the caller was entitled to; a lifted one is in nobody's list any more."""
    row = recipients.read(EVERYTHING, id)
    return contracts.suppression(recipients.revive(row), recipients.etag(row))
