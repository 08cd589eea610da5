"""A running programme service for tests: the real program, its real database and topics, people with tokens."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from pymongo import MongoClient

from amplify.programme.v1 import factory_pb2, organisation_pb2
from amplify.programme.v1.consent_service_pb2_grpc import ConsentServiceStub
from amplify.programme.v1.country_programme_service_pb2_grpc import CountryProgrammeServiceStub
from amplify.programme.v1.factory_import_pb2 import FACTORY_IMPORT_STATE_COMPLETED, FactoryImport
from amplify.programme.v1.factory_import_service_pb2 import GetFactoryImportRequest, ImportFactoriesRequest
from amplify.programme.v1.factory_import_service_pb2_grpc import FactoryImportServiceStub
from amplify.programme.v1.factory_service_pb2 import EnrolFactoryRequest, GetFactoryRequest
from amplify.programme.v1.factory_service_pb2_grpc import FactoryServiceStub
from amplify.programme.v1.hold_service_pb2_grpc import HoldServiceStub
from amplify.programme.v1.organisation_service_pb2 import RegisterOrganisationRequest
from amplify.programme.v1.organisation_service_pb2_grpc import OrganisationServiceStub
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from chassis import clock
from local_stack.issuer import Issuer
from local_stack.waiting import wait_until

STUBS = (
    CountryProgrammeServiceStub,
    FactoryServiceStub,
    OrganisationServiceStub,
    ConsentServiceStub,
    HoldServiceStub,
    FactoryImportServiceStub,
    TimelineServiceStub,
)
OFFICER, OFFICER_BD, MANAGER_KH, ADVISOR, BUYER, FACTORY, SRE, SERVICE, MANAGER_BD, FINANCE = (
    str(uuid.UUID(int=number)) for number in range(1, 11)
)
PEOPLE: dict[str, dict[str, Any]] = {
    OFFICER: {"role": "programme-officer", "countries": ["BD", "KH", "VN", "JO"]},
    OFFICER_BD: {"role": "programme-officer", "countries": ["BD"]},
    MANAGER_BD: {"role": "country-manager", "countries": ["BD"]},
    FINANCE: {"role": "finance-officer", "countries": ["BD"]},
    MANAGER_KH: {"role": "country-manager", "countries": ["KH"]},
    ADVISOR: {"role": "enterprise-advisor", "countries": ["BD"]},
    BUYER: {"role": "buyer", "organisation": "north-sea-apparel"},
    FACTORY: {"role": "factory-manager", "factory": "bd-1001"},
    SRE: {"role": "sre"},
    SERVICE: {"role": "service"},
}


@dataclass
class Refused(Exception):
    """What a refused call says: code, reason, and the violated fields with their reasons."""

    code: str
    reason: str
    fields: dict[str, str] = field(default_factory=dict)
    description: str = ""


@dataclass
class World:
    """`call(person, request)` calls the RPC that takes such a request; `database` looks behind."""

    issuer: Issuer
    environ: dict[str, str]
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client: MongoClient[dict[str, Any]] = MongoClient(self.environ["MONGODB_URI"], tz_aware=True)
        self.database = self.client[self.environ["MONGODB_DATABASE"]]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.environ['GRPC_PORT']}")
        self.stubs = tuple(kind(self.channel) for kind in STUBS)

    def run(self, *arguments: str) -> None:
        """Run a command of the service to its end."""
        done = subprocess.run(self._command(*arguments), env=self.environ, capture_output=True, timeout=240)
        assert done.returncode == 0, done.stderr.decode()

    def start(self, role: str, **environ: str) -> subprocess.Popen[bytes]:
        """Start a role of the service as a process of its own."""
        log = (self.folder / f"{role}-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(self._command(role), env=self.environ | environ, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def await_grpc(self) -> None:
        """Wait until calls are served."""

        def serves() -> bool:
            assert self.processes[0].poll() is None, "the service ended; see its log"
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", int(self.environ["GRPC_PORT"]))) == 0

        wait_until(serves, 120, "gRPC serves")

    def stop(self) -> None:
        """End what still runs, close what is open, and drop the database."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(60)
        self.channel.close()
        self.client.drop_database(self.database.name)
        self.client.close()

    def call(self, person: str, request: Any, *, token: str | None = None) -> Any:
        """The response. Raises Refused."""
        known = PEOPLE.get(person, {})
        claims = {name: value for name, value in known.items() if name != "role"}
        token = token if token is not None else self.issuer.token(person, known.get("role", ""), **claims)
        method = type(request).__name__.removesuffix("Request")
        stub = next(stub for stub in self.stubs if hasattr(stub, method))
        metadata = [("authorization", f"Bearer {token}")] if token else []
        try:
            return getattr(stub, method)(request, metadata=metadata, timeout=20)
        except grpc.RpcError as error:
            raise _refused(error) from None

    def move_clock(self, seconds: float) -> None:
        """Set the business clock ahead by so much, from real time."""
        clock.move(Path(self.environ["BUSINESS_CLOCK_FILE"]), seconds)

    def facts(self, key: str) -> list[str]:
        """Types of the facts of an aggregate, oldest first."""
        rows = self.database.facts.find({"key": key}).sort("order", 1)
        return [row["type"].rpartition(".")[2] for row in rows]

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """The whole content of the service's own tables, to show that nothing changed."""
        names = (
            "factories",
            "organisations",
            "consent_grants",
            "factory_holds",
            "factory_imports",
            "factory_import_rows",
        )
        tables = (*names, "live_consents", "facts", "requests", "due_work")
        kept = {"pending": 0, "published_at": 0, "due_at": 0, "leased_until": 0, "leased_by": 0, "attempts": 0}
        return {name: list(self.database[name].find({}, kept).sort("_id", 1)) for name in tables}

    def enrol(self, number: str = "", country: str = "BD", **fields: Any) -> factory_pb2.Factory:
        """Enrol a factory with a number of its own, unless one is given."""
        number = number or uuid.uuid4().hex[:10]
        values = {"country": country, "display_name": f"Factory {number}"} | fields
        request = EnrolFactoryRequest(
            factory_id=f"{country.lower()}-{number}", factory=factory_pb2.Factory(**values), request_id=new_id()
        )
        enrolled: factory_pb2.Factory = self.call(OFFICER, request).factory
        return enrolled

    def settle(self) -> None:
        """The factory of its manager and the organisation of the buyer exist from now on, whoever asks first."""
        if not self.database.factories.find_one({"_id": "bd-1001"}):
            self.enrol("1001")
        if not self.database.organisations.find_one({"_id": "north-sea-apparel"}):
            self.organisation("north-sea-apparel")

    def factory(self, name: str) -> factory_pb2.Factory:
        """The factory as it is now."""
        shown: factory_pb2.Factory = self.call(OFFICER, GetFactoryRequest(name=name)).factory
        return shown

    def organisation(self, organisation_id: str = "", kind: Any = organisation_pb2.ORGANISATION_KIND_BUYER) -> str:
        """Register an organisation; its resource name."""
        organisation_id = organisation_id or f"org-{uuid.uuid4().hex[:10]}"
        request = RegisterOrganisationRequest(
            organisation_id=organisation_id, display_name="An organisation", kind=kind, request_id=new_id()
        )
        return str(self.call(OFFICER, request).organisation.name)

    def send_file(self, content: bytes, person: str = OFFICER, **fields: Any) -> str:
        """Send a factory list; the import's resource name."""
        request = ImportFactoriesRequest(factory_import_id=new_id(), csv=content, request_id=new_id(), **fields)
        return str(self.call(person, request).factory_import.name)

    def completed(self, name: str, person: str = OFFICER, seconds: float = 120) -> FactoryImport:
        """Wait for an import to complete."""

        def finished() -> FactoryImport | None:
            shown = self.call(person, GetFactoryImportRequest(name=name)).factory_import
            return shown if shown.state == FACTORY_IMPORT_STATE_COMPLETED else None

        done: FactoryImport = wait_until(finished, seconds, "the import completes")
        return done

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "programme", *arguments]


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())


def environment(**values: str) -> dict[str, str]:
    """The environment of the service's processes: the machine's, and these."""
    return {**os.environ, "ENVIRONMENT": "test", **values}


def utc_now() -> datetime:
    """Real time."""
    return datetime.now(UTC)


def _refused(error: Any) -> Refused:
    status = rpc_status.from_call(error)
    if status is None:
        return Refused(error.code().name, error.details() or "")
    reason, fields = "", {}
    for detail in status.details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            fields = {violation.field: violation.reason for violation in bad.field_violations}
    return Refused(error.code().name, reason, fields, status.message)
