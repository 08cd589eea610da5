"""What the console asks of programme about holds, for country managers."""

import grpc

from amplify.programme.v1 import hold_service_pb2, hold_service_pb2_grpc
from console.clients.channel import Line


class Holds:
    """Calls about holds for one person."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._line = line
        self._stub = hold_service_pb2_grpc.HoldServiceStub(channel)

    def holds(self, request: hold_service_pb2.ListHoldsRequest) -> hold_service_pb2.ListHoldsResponse:
        """A page of holds."""
        return self._line.call(self._stub.ListHolds, request)

    def place(self, request: hold_service_pb2.PlaceHoldRequest) -> None:
        """Hold a factory."""
        self._line.call(self._stub.PlaceHold, request)

    def lift(self, request: hold_service_pb2.LiftHoldRequest) -> None:
        """Hold it no longer."""
        self._line.call(self._stub.LiftHold, request)
