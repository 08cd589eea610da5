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
from chassis.gate import Gate, Places
from chassis.identity import TokenVerifier
from chassis.interceptors import Edge, ErrorTable
from chassis.settings import Settings

log = logging.getLogger(__name__)
DRAIN_SECONDS = 20.0
LARGEST_MESSAGE = 4 * 1024 * 1024
REFUSERS = 8
"""Threads beyond those for calls admitted, so that whoever is refused hears so at once."""

BACKSTOP = 256
"""Calls that may wait to be refused; gRPC drops what exceeds even these, without a hint."""


@dataclass(frozen=True)
class Api:
    """One contract served: its descriptor, the servicer, and the generated function that registers it."""

    descriptor: ServiceDescriptor
    servicer: object
    register: Callable[..., None]
    errors: ErrorTable = field(default_factory=dict)


@dataclass(frozen=True)
class Door:
    """A port and what may go on behind it: calls worked on, calls admitted, streams, streams of one caller.

    Connections end after `connection_seconds`, so that clients look again for where the service runs.
    """

    port: int
    working: int
    admitted: int
    streams: int = 0
    streams_of_one: int = 0
    connection_seconds: int = 120
    reflects: bool = True


def inner_door(settings: Settings) -> Door:
    """The port for the console and for other services."""
    return Door(settings.grpc_port, settings.grpc_threads, settings.grpc_max_concurrent_rpcs)


def partner_door(settings: Settings) -> Door:
    """The port for partners: tighter, with streams, and without reflection, which would show every contract."""
    return Door(
        settings.grpc_partner_port,
        settings.grpc_partner_threads,
        settings.grpc_partner_max_concurrent_rpcs,
        streams=settings.grpc_partner_max_streams,
        streams_of_one=max(settings.grpc_partner_max_streams // 4, 1),
        connection_seconds=1800,
        reflects=False,
    )


class Server:
    """Serves the given contracts, health and reflection behind one door; `verifier` says whose tokens open it.

    Raises LookupError when an RPC has no policy, or takes a stream from the client, which nothing guards, or sends
    one where the door has no places for streams.
    """

    def __init__(
        self,
        settings: Settings,
        apis: Sequence[Api],
        verifier: TokenVerifier | None = None,
        door: Door | None = None,
    ) -> None:
        door = door or inner_door(settings)
        _demand_policies(apis, streams=door.streams > 0)
        errors: Mapping[type[Exception], grpc.StatusCode] = {
            kind: code for api in apis for kind, code in api.errors.items()
        }
        self._health = health.HealthServicer()
        gate, places = Gate(door.working, door.admitted), Places(door.streams, door.streams_of_one)
        self._edge = Edge(verifier or TokenVerifier(settings), errors, gate, places)
        threads = door.admitted + door.streams + REFUSERS
        self._server = grpc.server(
            ThreadPoolExecutor(threads, thread_name_prefix="rpc"),
            interceptors=[self._edge],
            maximum_concurrent_rpcs=threads + BACKSTOP,
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", LARGEST_MESSAGE),
                ("grpc.max_send_message_length", LARGEST_MESSAGE),
                ("grpc.max_metadata_size", 16_384),
                ("grpc.max_connection_age_ms", door.connection_seconds * 1000),
                ("grpc.max_connection_age_grace_ms", 30_000),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", 30_000),
            ],
        )
        for api in apis:
            api.register(api.servicer, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if door.reflects:
            names = [api.descriptor.full_name for api in apis]
            reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        self.port = self._server.add_insecure_port(f"{settings.grpc_address}:{door.port}")

    def start(self) -> None:
        """Serve; health says SERVING from now on."""
        self._server.start()
        self._health.set("", health_pb2.HealthCheckResponse.SERVING)
        log.info("serving gRPC", extra={"port": self.port})

    def stop(self) -> None:
        """Drain: say NOT_SERVING, refuse new calls, let those under way finish, tell streams to go on elsewhere."""
        self._health.enter_graceful_shutdown()
        self._edge.closing.set()
        self._server.stop(DRAIN_SECONDS).wait()


def _demand_policies(apis: Sequence[Api], *, streams: bool) -> None:
    methods = [(f"{api.descriptor.full_name}/{one.name}", one) for api in apis for one in api.descriptor.methods]
    if bare := [name for name, one in methods if not access.has_policy(one.name)]:
        raise LookupError(f"RPCs without a policy: {', '.join(bare)}")
    if unguarded := [name for name, one in methods if one.client_streaming or (one.server_streaming and not streams)]:
        raise LookupError(f"RPCs that nothing guards, for they stream: {', '.join(unguarded)}")
