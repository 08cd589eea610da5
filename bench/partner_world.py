"""Programme and assessment in processes of their own, one released report, and partners that follow it."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc

from amplify.assessment.v1 import assessment_service_pb2 as api
from amplify.assessment.v1.assessment_events_pb2 import ReportReleased
from amplify.assessment.v1.assessment_service_pb2_grpc import AssessmentServiceStub
from amplify.assessment.v1.partner_service_pb2 import WatchChangesRequest, WatchChangesResponse
from amplify.assessment.v1.partner_service_pb2_grpc import PartnerServiceStub
from amplify.programme.v1.consent_grant_pb2 import CONSENT_SCOPE_REPORTS
from amplify.programme.v1.consent_service_pb2 import GrantConsentRequest
from amplify.programme.v1.consent_service_pb2_grpc import ConsentServiceStub
from amplify.programme.v1.factory_pb2 import Factory
from amplify.programme.v1.factory_service_pb2 import EnrolFactoryRequest
from amplify.programme.v1.factory_service_pb2_grpc import FactoryServiceStub
from amplify.programme.v1.organisation_pb2 import ORGANISATION_KIND_BUYER
from amplify.programme.v1.organisation_service_pb2 import RegisterOrganisationRequest
from amplify.programme.v1.organisation_service_pb2_grpc import OrganisationServiceStub
from assessment.read_models import partner_feed
from bench.serving import free_ports, running
from bench.stack import Stack
from bench.visits import ADVISOR, FACTORY, LEADER, started_visits
from chassis.applying import Applier, Record
from chassis.envelope import Envelope, encode

BUYER = "north-sea-apparel"


@dataclass
class Partners:
    """A released report whose factory has consented; `tell` adds to the feed what is then sent to every watcher."""

    port: int
    tokens: list[str]
    assessment_id: str
    _sequence: int = 0
    _applier: Applier = field(default_factory=lambda: Applier(partner_feed.CONSUMER, 1, lambda _: True))

    def tell(self, count: int = 1) -> tuple[list[str], float]:
        """Commit so many rows in one transaction; their event ids, and when that was done."""
        records = []
        for _ in range(count):
            self._sequence += 1
            fact = ReportReleased(assessment_id=self.assessment_id, factory_id=FACTORY, country="BD")
            kind = fact.DESCRIPTOR.full_name
            envelope = Envelope(str(uuid.uuid4()), kind, "/bench", "bench", datetime.now(UTC), self._sequence)
            value, headers = fact.SerializeToString(), tuple(encode(envelope))
            records.append(Record("assessment-assessments", 0, self._sequence, value, headers))
        self._applier.apply(records)
        return [dict(record.headers)["ce_id"].decode() for record in records], time.time()

    def watcher(self, number: int, token: str = "") -> "Watcher":
        """A partner's program that follows, on a connection of its own."""
        return Watcher(self.port, self.tokens[number % len(self.tokens)], token)

    def feed(self) -> Any:
        """The collection behind the feed."""
        return partner_feed.partner_feed.collection(1)


class Watcher:
    """When each event arrived, by id; `token` is the last, and `resumed` how often a stream had to go on anew."""

    def __init__(self, port: int, bearer: str, token: str) -> None:
        self.arrived: dict[str, float] = {}
        self.token = token
        self.resumed = 0
        self.current = threading.Event()
        self._closed = threading.Event()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
        self._stub = PartnerServiceStub(self._channel)
        self._metadata = (("authorization", f"Bearer {bearer}"),)
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def await_event(self, id: str, seconds: float = 120.0) -> None:
        """Wait until it has arrived."""
        deadline = time.monotonic() + seconds
        while id not in self.arrived:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise TimeoutError("the stream ended or is late")
            time.sleep(0.002)

    def close(self) -> None:
        """Hang up."""
        self._closed.set()
        self._stream.cancel()
        self._thread.join(10)
        self._channel.close()

    def _follow(self) -> None:
        while not self._closed.is_set():
            self._stream = self._stub.WatchChanges(
                WatchChangesRequest(resume_token=self.token), metadata=self._metadata
            )
            try:
                for answer in self._stream:
                    self._note(answer)
            except grpc.RpcError as error:
                if error.code() not in (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE):
                    raise
                self.resumed += 1

    def _note(self, answer: WatchChangesResponse) -> None:
        if answer.HasField("change"):
            self.arrived.setdefault(answer.change.event_id, time.time())
        self.token = answer.resume_token
        if answer.HasField("heartbeat"):
            self.current.set()


@contextmanager
def started_partners(stack: Stack) -> Iterator[Partners]:
    """Everything, for the time of a with-block."""
    settings = stack.settings()
    programme_port, partner_port = free_ports(2)
    more = {"GRPC_PARTNER_PORT": str(partner_port), "PROGRAMME_ADDRESS": f"127.0.0.1:{programme_port}"}
    with ExitStack() as ends:
        service, visits = ends.enter_context(started_visits(settings, 1, more))
        environment = {**service.environment, "GRPC_PORT": str(programme_port)}
        environment["MONGODB_DATABASE"] = f"{settings.mongodb_database}-programme"
        subprocess.run([sys.executable, "-m", "programme", "migrate"], env={**os.environ, **environment}, check=True)
        ends.enter_context(running("programme", environment))
        officer = service.issuer.token(LEADER, "programme-officer")
        _consent(grpc.insecure_channel(f"127.0.0.1:{programme_port}"), officer)
        id = visits.ids[0]
        visits.submit(id)
        _release(
            service.port,
            id,
            service.issuer.token(ADVISOR, "enterprise-advisor"),
            service.issuer.token(LEADER, "team-leader"),
        )
        tokens = [service.issuer.partner_token(f"program-{number}", BUYER) for number in range(8)]
        yield Partners(partner_port, tokens, id)


def _consent(channel: grpc.Channel, token: str) -> None:
    """Enrol the factory, register the buyer, and let it see the factory's reports."""
    metadata = (("authorization", f"Bearer {token}"),)
    FactoryServiceStub(channel).EnrolFactory(
        EnrolFactoryRequest(
            factory_id=FACTORY,
            factory=Factory(country="BD", display_name="Bench Garments"),
            request_id=str(uuid.uuid4()),
        ),
        metadata=metadata,
    )
    OrganisationServiceStub(channel).RegisterOrganisation(
        RegisterOrganisationRequest(
            organisation_id=BUYER, display_name="A buyer", kind=ORGANISATION_KIND_BUYER, request_id=str(uuid.uuid4())
        ),
        metadata=metadata,
    )
    request = GrantConsentRequest(
        consent_grant_id=str(uuid.uuid4()),
        factory=f"factories/{FACTORY}",
        organisation=f"organisations/{BUYER}",
        scope=CONSENT_SCOPE_REPORTS,
        evidence="Letter",
        request_id=str(uuid.uuid4()),
    )
    request.expire_time.FromDatetime(datetime.now(UTC) + timedelta(days=1))
    ConsentServiceStub(channel).GrantConsent(request, metadata=metadata)


def _release(port: int, id: str, advisor: str, leader: str) -> None:
    stub = AssessmentServiceStub(grpc.insecure_channel(f"127.0.0.1:{port}"))
    name = f"assessments/{id}"
    submit = api.SubmitAssessmentRequest(name=name, request_id=str(uuid.uuid4()))
    stub.SubmitAssessment(submit, metadata=(("authorization", f"Bearer {advisor}"),))
    release = api.ReleaseAssessmentRequest(name=name, request_id=str(uuid.uuid4()))
    stub.ReleaseAssessment(release, metadata=(("authorization", f"Bearer {leader}"),))
