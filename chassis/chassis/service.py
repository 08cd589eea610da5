"""The composition of a service out of its tables, and the roles its one program can play."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chassis import clock, database, fail_points, logs, operations, schema, telemetry
from chassis.consumer import Consumer
from chassis.due_work import DueWorker, Handlers
from chassis.grpc_server import Api, Server, partner_door
from chassis.health import HealthServer
from chassis.heartbeat import Heartbeat
from chassis.identity import PartnerVerifier
from chassis.operations_api import operations_api
from chassis.relay import Relay
from chassis.repository import RootDocument
from chassis.sealer import Sealer
from chassis.settings import Settings
from chassis.stream import ConsumerThread
from chassis.watchdog import Watchdog

log = logging.getLogger(__name__)
ROLES: Mapping[str, tuple[str, ...]] = {
    "grpc": ("grpc",),
    "stream": ("stream",),
    "relay": ("relay",),
    "due": ("due", "seal"),
    "all": ("grpc", "stream", "relay", "due", "seal"),
}
STOP_SECONDS = 40.0
TURN_SECONDS = 30.0
MEASURE_SECONDS = 5.0


@dataclass(frozen=True)
class Service:
    """What makes a service, as its `__main__.py` puts it together.

    `due` is its due work; of several tables each is worked on by itself, so that one whose outside is slow delays no
    other. `documents` are its aggregate roots (indexes are made by `migrate`), `prepare` is what else `migrate` does.
    `partner_apis` are served on a port of their own, to callers with one of `partner_roles`, and what they read is
    kept in the audit.
    """

    name: str
    apis: Sequence[Api] = ()
    partner_apis: Sequence[Api] = ()
    partner_roles: Sequence[str] = ()
    consumers: Sequence[Consumer] = ()
    due: Handlers | Sequence[Handlers] = field(default_factory=dict)
    documents: Sequence[type[RootDocument]] = ()
    prepare: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        if bool(self.partner_apis) != bool(self.partner_roles):
            raise TypeError(
                f"service {self.name}: APIs for partners need the roles of partners, and the other way round"
            )


class Part(Protocol):
    """One running part of a process."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Finish what is at hand and end; returns when it has."""

    def failed(self) -> bool:
        """Whether the process should end, to be started afresh."""

    def hearts(self) -> Sequence[Heartbeat]:
        """The pulses of its loops."""


def configure(service: Service, settings: Settings) -> None:
    """Logs, spans, clock, fail points and the database: what every role needs first.

    Exits when production has no secret of its own behind audit seals and resume tokens, and partners are served.
    """
    if service.partner_apis and settings.environment == "production" and settings.secret_key_file is None:
        raise SystemExit("setting SECRET_KEY_FILE: is needed in production by a service that serves partners")
    logs.configure(service.name, settings.log_level)
    telemetry.configure(settings, service.name)
    clock.configure(settings.business_clock_file)
    fail_points.configure(settings.fail_points)
    database.connect(settings)


def migrate(service: Service) -> None:
    """Create collections and indexes, and what the service prepares besides. Safe to repeat, and while others run."""
    database.ensure_collections()
    for document in service.documents:
        database.ensure_collection(document._get_collection_name())
        document.ensure_indexes()
    for consumer in service.consumers:
        if consumer.view is not None:
            consumer.view.prepare(consumer.view.live())
    if service.prepare is not None:
        service.prepare()
    schema.note(shape(service))


def shape(service: Service) -> str:
    """The shape of the database that this service, as put together, was written for."""
    views = [consumer.view.name for consumer in service.consumers if consumer.view is not None]
    return schema.shape(service.documents, views)


def run(service: Service, settings: Settings, arguments: Sequence[str]) -> None:
    """The program of a service: `python -m <service> <role>`; exits when its work or its signal says so."""
    from chassis import commands  # the commands name this module's types

    parser = argparse.ArgumentParser(prog=service.name)
    roles = parser.add_subparsers(dest="role", required=True)
    for role, parts in ROLES.items():
        roles.add_parser(role, help=f"run {', '.join(parts)} until stopped")
    commands.add(roles)
    chosen = parser.parse_args(list(arguments))
    configure(service, settings)
    if chosen.role in ROLES:
        code = Process(service, settings, ROLES[chosen.role]).run()
    else:
        code = commands.run(service, settings, chosen)
    telemetry.flush()
    sys.exit(code)


class Process:
    """Some parts of a service in one operating-system process, from start to a drained end."""

    def __init__(self, service: Service, settings: Settings, parts: Sequence[str]) -> None:
        self._end = threading.Event()
        self._parts: dict[str, Part] = {}
        builders: Mapping[str, Callable[[], Part]] = {
            "grpc": lambda: _Grpc(settings, service),
            "stream": lambda: _Stream(settings, service),
            "relay": lambda: _Relay(settings),
            "due": lambda: _Due(service.due),
            "seal": lambda: _Seal(settings),
        }
        for name in parts:
            if name != "seal" or service.partner_apis:
                self._parts[name] = builders[name]()
        self._heart = Heartbeat(TURN_SECONDS)
        self._gate = schema.Gate(shape(service))
        self.health = HealthServer(settings, live=self._live, ready=self._ready)

    def run(self) -> int:
        """Run until a signal or a failure; 0 after a signal, 1 after a failure."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end.set())
        self.health.start()
        self._gate.start()
        for part in self._parts.values():
            part.start()
        log.info("started", extra={"parts": list(self._parts), "health_port": self.health.port})
        while not self._end.wait(0.5):
            self._heart.beat()
            if self._failed():
                break
        self._heart.rest()
        self._gate.close()
        code = 1 if self._failed() else 0
        self._end.set()
        _end_hard_after(STOP_SECONDS)
        for part in self._parts.values():
            part.stop()
        self.health.stop()
        log.info("stopped", extra={"code": code})
        return code

    def _failed(self) -> bool:
        return any(part.failed() for part in self._parts.values())

    def _live(self) -> bool:
        hearts = [self._heart, *(heart for part in self._parts.values() for heart in part.hearts())]
        return not self._failed() and not any(heart.stopped() for heart in hearts)

    def _ready(self) -> bool:
        return self._gate.is_open and not self._end.is_set() and not self._failed()


class _Grpc:
    def __init__(self, settings: Settings, service: Service) -> None:
        apis = [*service.apis, operations_api(service.name, service.consumers, settings)]
        self._servers = [Server(settings, apis)]
        if service.partner_apis:
            self._servers.append(partner_server(service, settings))

    def start(self) -> None:
        for server in self._servers:
            server.start()

    def stop(self) -> None:
        stopping = [threading.Thread(target=server.stop) for server in self._servers]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()

    def failed(self) -> bool:
        return False

    def hearts(self) -> Sequence[Heartbeat]:
        return ()  # it has threads and no loop


def partner_server(service: Service, settings: Settings) -> Server:
    """The server of a service's port for partners: its partner APIs, and nothing else."""
    verifier = PartnerVerifier(settings, service.partner_roles)
    return Server(settings, service.partner_apis, verifier, partner_door(settings))


class _Stream:
    def __init__(self, settings: Settings, service: Service) -> None:
        self._end = threading.Event()
        self._threads = [ConsumerThread(settings, service.name, consumer) for consumer in service.consumers]
        self._watchdog = Watchdog(settings, self._threads, self._end)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self._watchdog.start()

    def stop(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join(STOP_SECONDS / 2)

    def failed(self) -> bool:
        return not self._end.is_set() and any(
            thread.failure is not None or (thread.ident is not None and not thread.is_alive())
            for thread in self._threads
        )

    def hearts(self) -> Sequence[Heartbeat]:
        return [thread.heart for thread in self._threads]


class _Threaded:
    """A part whose `run` blocks on a thread until its `stop` is called."""

    def __init__(
        self, name: str, run: Callable[[], None], stop: Callable[[], None], heart: Heartbeat | None = None
    ) -> None:
        self._name, self._run, self._stop, self._heart = name, run, stop, heart
        self._failed = False
        self._thread = threading.Thread(target=self._guarded, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop()
        self._thread.join(STOP_SECONDS / 2)

    def failed(self) -> bool:
        return self._failed

    def hearts(self) -> Sequence[Heartbeat]:
        return [self._heart] if self._heart else []

    def _guarded(self) -> None:
        try:
            self._run()
        except Exception:
            log.exception("part failed", extra={"part": self._name})
            self._failed = True


class _Relay(_Threaded):
    def __init__(self, settings: Settings) -> None:
        relay = Relay(settings)
        self._measuring = threading.Event()
        super().__init__("relay", relay.run, relay.stop, relay.heart)

    def start(self) -> None:
        super().start()
        threading.Thread(target=self._measure, name="relay-gauges", daemon=True).start()

    def stop(self) -> None:
        self._measuring.set()
        super().stop()

    def _measure(self) -> None:
        while not self._measuring.wait(MEASURE_SECONDS):
            try:
                operations.measure_pending()
            except Exception as error:
                log.warning("gauges wait for the database", extra={"error": logs.describe(error)})


class _Due:
    def __init__(self, due: Handlers | Sequence[Handlers]) -> None:
        workers = [DueWorker(handlers) for handlers in ([due] if isinstance(due, Mapping) else due)]
        self._parts = [_Threaded(f"due-{number}", one.run, one.stop, one.heart) for number, one in enumerate(workers)]

    def start(self) -> None:
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        for part in self._parts:
            part.stop()

    def failed(self) -> bool:
        return any(part.failed() for part in self._parts)

    def hearts(self) -> Sequence[Heartbeat]:
        return [heart for part in self._parts for heart in part.hearts()]


class _Seal(_Threaded):
    def __init__(self, settings: Settings) -> None:
        sealer = Sealer(settings)
        super().__init__("seal", sealer.run, sealer.stop, sealer.heart)


def _end_hard_after(seconds: float) -> None:
    """A part that hangs must not keep the process: what it did not acknowledge comes again."""
    timer = threading.Timer(seconds, lambda: os._exit(1))
    timer.daemon = True
    timer.start()
