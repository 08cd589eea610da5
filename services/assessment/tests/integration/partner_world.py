"""What partners' tests need around the service: its port for partners, a ledger of consents, and the feed's facts."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from google.protobuf.message import Message as Proto

from amplify.assessment.v1 import partner_service_pb2 as pb
from amplify.assessment.v1.partner_service_pb2_grpc import PartnerServiceStub
from amplify.programme.v1 import consent_grant_pb2, consent_lists_pb2, consent_service_pb2_grpc
from amplify.programme.v1.programme_events_pb2 import ConsentExpired, ConsentGranted, ConsentWithdrawn
from assessment.__main__ import compose
from assessment.partners.consents import ProgrammeConsents
from assessment.read_models import partner_feed
from assessment.settings import AssessmentSettings
from chassis.applying import Applier, Record
from chassis.database import db
from chassis.envelope import Envelope, encode
from chassis.service import partner_server
from local_stack.issuer import Issuer

from .world import Refused, refusal

REPORTS = consent_grant_pb2.CONSENT_SCOPE_REPORTS
PLAN = consent_grant_pb2.CONSENT_SCOPE_IMPROVEMENT_PLAN
BUYER, BANK, OTHER = "north-sea-apparel", "delta-bank", "baltic-outdoor"
ROLES = {BUYER: "buyer", BANK: "financier", OTHER: "buyer"}


class Ledger(consent_service_pb2_grpc.ConsentServiceServicer):
    """ConsentService as far as this service asks it, over real gRPC; `down` makes it unreachable in effect."""

    def __init__(self) -> None:
        self.rows: dict[str, consent_lists_pb2.LiveConsent] = {}
        self.down = False
        self.asked = 0
        self.lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(16))
        consent_service_pb2_grpc.add_ConsentServiceServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def ListLiveConsents(
        self, request: consent_lists_pb2.ListLiveConsentsRequest, context: grpc.ServicerContext
    ) -> consent_lists_pb2.ListLiveConsentsResponse:
        """What is live at this moment, two a page, so that pages are turned."""
        self.asked += 1
        if self.down:
            context.abort(grpc.StatusCode.UNAVAILABLE, "down")
        now = datetime.now(UTC)
        with self.lock:
            rows = sorted(self.rows.values(), key=lambda row: (row.factory, row.scope))
        live = [
            row
            for row in rows
            if row.organisation == request.organisation
            and (not request.factory or row.factory == request.factory)
            and row.start_time.ToDatetime(UTC) <= now < row.expire_time.ToDatetime(UTC)
        ]
        begin = int(request.page_token or 0)
        token = str(begin + 2) if begin + 2 < len(live) else ""
        return consent_lists_pb2.ListLiveConsentsResponse(
            live_consents=live[begin : begin + 2], next_page_token=token, total_size=len(live)
        )

    def stop(self) -> None:
        """Close the port."""
        self._server.stop(0).wait()


@dataclass
class Partners:
    """Partners at their port. Facts reach the feed as a consumer applies them, each of them twice."""

    issuer: Issuer
    settings: AssessmentSettings
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        self.consents = ProgrammeConsents(f"127.0.0.1:{self.ledger.port}", lambda: "t")
        self.server = partner_server(compose(self.settings, self.consents), self.settings)
        self.server.start()
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.server.port}")
        self.stub = PartnerServiceStub(self.channel)
        self._applier = Applier(partner_feed.CONSUMER, 1, lambda _: True)
        self._sequences: dict[tuple[str, str], int] = {}

    def stop(self) -> None:
        """End everything."""
        self.channel.close()
        self.server.stop()
        self.ledger.stop()

    def metadata(self, organisation: str, /, **claims: Any) -> tuple[tuple[str, str]]:
        """What a partner's program sends with a call."""
        usual = {"aud": "amplify-partner", "organisation": organisation, "client_id": f"{organisation}-client"}
        token = self.issuer.token(f"sub-{organisation}", ROLES[organisation], **usual | claims)
        return (("authorization", f"Bearer {token}"),)

    def call(self, organisation: str, request: Any, /, **claims: Any) -> Any:
        """The response. Raises Refused."""
        method = getattr(self.stub, type(request).__name__.removesuffix("Request"))
        try:
            return method(request, metadata=self.metadata(organisation, **claims), timeout=20)
        except grpc.RpcError as error:
            raise refusal(error) from None

    def watch(self, organisation: str, token: str = "", **more: Any) -> "Stream":
        """Follow changes."""
        request = pb.WatchChangesRequest(resume_token=token, **more)
        return Stream(self.stub.WatchChanges(request, metadata=self.metadata(organisation), timeout=240))

    def grant(
        self, factory: str, scope: int = REPORTS, organisation: str = BUYER, *, told: bool = True, **more: Any
    ) -> str:
        """A live grant in the ledger, and told to the feed; its id."""
        id = str(uuid.uuid4())
        row = consent_lists_pb2.LiveConsent(
            consent_grant=f"consentGrants/{id}",
            factory=f"factories/{factory}",
            organisation=f"organisations/{organisation}",
            scope=consent_grant_pb2.ConsentScope.ValueType(scope),
            fields=more.get("fields", ()),
        )
        now = datetime.now(UTC)
        row.start_time.FromDatetime(now + timedelta(seconds=more.get("starts_in", -1)))
        row.expire_time.FromDatetime(now + timedelta(days=30))
        self.ledger.rows[id] = row
        if told:
            self.tell("programme-consents", id, ConsentGranted(grant_id=id, **_ids(row)))
        return id

    def withdraw(self, id: str, *, told: bool = True, expired: bool = False) -> None:
        """Take a grant out of the ledger, and tell the feed before anybody asks the ledger again."""
        with self.ledger.lock:
            row = self.ledger.rows.pop(id)
            kind: Any = ConsentExpired if expired else ConsentWithdrawn
            fact = kind(grant_id=id, **_ids(row))
            (fact.expire_time if expired else fact.withdraw_time).FromDatetime(datetime.now(UTC))
            if told:
                self.tell("programme-consents", id, fact)

    def begin(self, id: str) -> None:
        """Let a grant of a later time begin now."""
        with self.ledger.lock:
            self.ledger.rows[id].start_time.FromDatetime(datetime.now(UTC))

    def tell(self, stream: str, key: str, fact: Proto) -> None:
        """Apply a fact as the feed's consumer would, twice."""
        self._sequences[stream, key] = sequence = self._sequences.get((stream, key), 0) + 1
        kind = fact.DESCRIPTOR.full_name
        envelope = Envelope(str(uuid.uuid4()), kind, "/test", key, datetime.now(UTC), sequence)
        record = Record(stream, 0, sequence, fact.SerializeToString(), tuple(encode(envelope)))
        self._applier.apply([record, record])

    def tell_own_facts(self) -> None:
        """Apply what this service has published and the feed has not seen, in order, each fact twice."""
        streams = {"$in": ["assessment-assessments", "assessment-improvement-plans"]}
        for row in db().facts.find({"stream": streams}).sort("order", 1):
            envelope = Envelope(
                row["event_id"], row["type"], "/assessment", row["key"], row["recorded_at"], row["sequence"]
            )
            record = Record(row["stream"], 0, row["sequence"], row["value"], tuple(encode(envelope)))
            self._applier.apply([record, record])


class Stream:
    """Items of an open stream, read on a thread, as a client reads them."""

    def __init__(self, call: Any) -> None:
        self._call = call
        self.items: list[pb.WatchChangesResponse] = []
        self.ended: Refused | None = None
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for item in self._call:
                with self._news:
                    self.items.append(item)
                    self._news.notify_all()
        except grpc.RpcError as error:
            with self._news:
                self.ended = refusal(error)
                self._news.notify_all()

    @property
    def changes(self) -> list[pb.Change]:
        """The items that are no heartbeats."""
        return [item.change for item in self.items if item.HasField("change")]

    def kinds(self) -> list[str]:
        """What kind of change each is."""
        return [str(change.WhichOneof("kind")) for change in self.changes]

    def wait(self, ready: Any, seconds: float = 60) -> None:
        """Until `ready(self)` holds; fails when it does not in time."""
        with self._news:
            assert self._news.wait_for(lambda: ready(self), seconds), (self.kinds(), self.ended)

    def until_current(self) -> "Stream":
        """Wait for the heartbeat that follows what there was at the start."""
        self.wait(lambda me: any(item.HasField("heartbeat") for item in me.items))
        return self

    def close(self) -> str:
        """Hang up; the last token."""
        self._call.cancel()
        return self.items[-1].resume_token if self.items else ""


@contextmanager
def partners(issuer: Issuer, settings: AssessmentSettings) -> Iterator[Partners]:
    """Partners for the time of a with-block."""
    made = Partners(issuer, settings)
    try:
        yield made
    finally:
        made.stop()


def _ids(row: consent_lists_pb2.LiveConsent) -> dict[str, Any]:
    return {
        "factory_id": row.factory.removeprefix("factories/"),
        "country": "BD",
        "organisation_id": row.organisation.removeprefix("organisations/"),
        "scope": row.scope,
    }
