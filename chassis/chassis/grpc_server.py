"""The gRPC server: synchronous, bounded, drained before it ends, and closed to RPCs that have no policy."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis import access
from chassis.identity import TokenVerifier
from chassis.interceptors import Edge, ErrorTable
from chassis.settings import Settings

log = logging.getLogger(__name__)
DRAIN_SECONDS = 20.0
LARGEST_MESSAGE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Api:
    """One contract served: its descriptor, the servicer, and the generated function that registers it."""

    descriptor: ServiceDescriptor
    servicer: object
    register: Callable[..., None]
    errors: ErrorTable = field(default_factory=dict)


class Server:
    """Serves the given contracts, health and reflection.

    Raises LookupError when an RPC has no policy, or streams: the interceptor guards unary calls only.
    """

    def __init__(self, settings: Settings, apis: Sequence[Api], verifier: TokenVerifier | None = None) -> None:
        _demand_policies(apis)
        errors: Mapping[type[Exception], grpc.StatusCode] = {
            kind: code for api in apis for kind, code in api.errors.items()
        }
        self._health = health.HealthServicer()
        self._server = grpc.server(
            ThreadPoolExecutor(settings.grpc_threads, thread_name_prefix="rpc"),
            interceptors=[Edge(verifier or TokenVerifier(settings), errors)],
            maximum_concurrent_rpcs=settings.grpc_max_concurrent_rpcs,
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", LARGEST_MESSAGE),
                ("grpc.max_send_message_length", LARGEST_MESSAGE),
                ("grpc.max_metadata_size", 16_384),
                ("grpc.max_connection_age_ms", 120_000),
                ("grpc.max_connection_age_grace_ms", 30_000),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", 30_000),
            ],
        )
        for api in apis:
            api.register(api.servicer, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = [api.descriptor.full_name for api in apis]
        reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        self.port = self._server.add_insecure_port(f"{settings.grpc_address}:{settings.grpc_port}")

    def start(self) -> None:
        """Serve; health says SERVING from now on."""
        self._server.start()
        self._health.set("", health_pb2.HealthCheckResponse.SERVING)
        log.info("serving gRPC", extra={"port": self.port})

    def stop(self) -> None:
        """Drain: say NOT_SERVING, refuse new calls, let those under way finish."""
        self._health.enter_graceful_shutdown()
        self._server.stop(DRAIN_SECONDS).wait()


def _demand_policies(apis: Sequence[Api]) -> None:
    bare = [
        f"{api.descriptor.full_name}/{method.name}"
        for api in apis
        for method in api.descriptor.methods
        if not access.has_policy(method.name)
    ]
    if bare:
        raise LookupError(f"RPCs without a policy: {', '.join(bare)}")
    streaming = [
        f"{api.descriptor.full_name}/{method.name}"
        for api in apis
        for method in api.descriptor.methods
        if method.client_streaming or method.server_streaming
    ]
    if streaming:
        raise LookupError(f"RPCs that nothing guards, for they stream: {', '.join(streaming)}")
