"""A service with one stream, for tests of the port for partners; its contract is built at run time."""

import threading
from collections.abc import Iterator
from typing import Any

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

from chassis import access
from chassis.access import Allow
from chassis.grpc_server import Api
from chassis.identity import Identity
from chassis.rpc import stream

SERVICE = "test.stream.v1.StreamService"
access.declare({"Follow": [Allow("reader")]}, {})


def _contract() -> Any:
    file = FileDescriptorProto(name="test/stream/v1/stream.proto", package="test.stream.v1", syntax="proto3")
    for name in ("FollowRequest", "FollowResponse"):
        text, one = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.LABEL_OPTIONAL
        file.message_type.add(name=name).field.add(name="text", number=1, type=text, label=one)
    file.service.add(name="StreamService").method.add(
        name="Follow",
        input_type=".test.stream.v1.FollowRequest",
        output_type=".test.stream.v1.FollowResponse",
        server_streaming=True,
    )
    pool = descriptor_pool.Default()
    pool.Add(file)
    return pool.FindServiceByName(SERVICE)


DESCRIPTOR = _contract()
Request = message_factory.GetMessageClass(DESCRIPTOR.file.message_types_by_name["FollowRequest"])
Response = message_factory.GetMessageClass(DESCRIPTOR.file.message_types_by_name["FollowResponse"])


class Servicer:
    """Says once who follows, and then nothing until it must end; `closed` counts the streams that ended."""

    def __init__(self) -> None:
        self.closed = threading.Semaphore(0)

    def Follow(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Follow."""
        return stream(self._run)

    def _run(self, caller: Identity) -> Iterator[Any]:
        pause = threading.Event()
        try:
            yield Response(text=caller.subject)
            while True:
                pause.wait(0.02)
                yield None
        finally:
            self.closed.release()


def api(servicer: Servicer) -> Api:
    """The contract as a server takes it."""

    def register(served: Any, server: grpc.Server) -> None:
        follow = grpc.unary_stream_rpc_method_handler(served.Follow, Request.FromString, Response.SerializeToString)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Follow": follow}),))

    return Api(DESCRIPTOR, servicer, register)


def follow(channel: grpc.Channel, token: str) -> Any:
    """Open a stream, as a client does."""
    method = channel.unary_stream(
        f"/{SERVICE}/Follow", request_serializer=Request.SerializeToString, response_deserializer=Response.FromString
    )
    return method(Request(), metadata=(("authorization", f"Bearer {token}"),), timeout=60)
