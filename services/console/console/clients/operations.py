"""What the console asks of any service's machinery."""

import grpc

from amplify.platform.v1 import operations_pb2, operations_service_pb2, operations_service_pb2_grpc
from console.clients.channel import Line


class Operations:
    """Calls to the operations of one service for one person."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._stub = operations_service_pb2_grpc.OperationsServiceStub(channel)

    def overview(self) -> operations_pb2.Overview:
        """How the service is doing."""
        return self._line.call(self._stub.GetOverview, operations_service_pb2.GetOverviewRequest()).overview

    def parked(self, *, page: str = "") -> operations_service_pb2.ListParkedFactsResponse:
        """A page of what is parked, oldest first."""
        request = operations_service_pb2.ListParkedFactsRequest(page_size=50, page_token=page)
        return self._line.call(self._stub.ListParkedFacts, request)

    def parked_fact(self, fact: str) -> operations_pb2.ParkedFact:
        """One parked fact."""
        request = operations_service_pb2.GetParkedFactRequest(name=f"parkedFacts/{fact}")
        return self._line.call(self._stub.GetParkedFact, request).parked_fact

    def redrive(self, request: operations_service_pb2.RedriveParkedRequest) -> int:
        """Try an aggregate's parked facts again; returns how many are still parked."""
        return self._line.call(self._stub.RedriveParked, request, seconds=30).still_parked

    def skip(self, request: operations_service_pb2.SkipParkedRequest) -> None:
        """Give up the first parked fact of an aggregate."""
        self._line.call(self._stub.SkipParked, request)

    def clear_halt(self, consumer: str, reason: str, request_id: str) -> None:
        """Let a halted consumer go on."""
        request = operations_service_pb2.ClearHaltRequest(consumer=consumer, reason=reason, request_id=request_id)
        self._line.call(self._stub.ClearHalt, request)
