"""The composition of a service out of its tables, and the roles its one program can play."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chassis import clock, database, fail_points, logs, schema, telemetry
from chassis.consumer import Consumer
from chassis.due_work import Handlers
from chassis.grpc_server import Api, Server, partner_door
from chassis.health import HealthServer
from chassis.heartbeat import Heartbeat
from chassis.identity import PartnerVerifier
from chassis.operations_api import operations_api
from chassis.parts import Consuming, DoingDueWork, Part, Relaying, Sealing, Serving
from chassis.repository import RootDocument
from chassis.settings import Settings

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
            "grpc": lambda: Serving(servers(service, settings)),
            "stream": lambda: Consuming(settings, service.name, service.consumers),
            "relay": lambda: Relaying(settings),
            "due": lambda: DoingDueWork(service.due),
            "seal": lambda: Sealing(settings),
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


def servers(service: Service, settings: Settings) -> list[Server]:
    """The server of a service, and that of its port for partners where it has one."""
    apis = [*service.apis, operations_api(service.name, service.consumers, settings)]
    inner = Server(settings, apis)
    return [inner, partner_server(service, settings)] if service.partner_apis else [inner]


def partner_server(service: Service, settings: Settings) -> Server:
    """The server of a service's port for partners: its partner APIs, and nothing else."""
    verifier = PartnerVerifier(settings, service.partner_roles)
    return Server(settings, service.partner_apis, verifier, partner_door(settings))


def _end_hard_after(seconds: float) -> None:
    """A part that hangs must not keep the process: what it did not acknowledge comes again."""
    timer = threading.Timer(seconds, lambda: os._exit(1))
    timer.daemon = True
    timer.start()
