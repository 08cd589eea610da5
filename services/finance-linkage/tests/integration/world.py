"""A running finance service for tests: both its ports, its due work, real databases; facts come to it twice each."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import grpc
from callers import Issuer
from google.protobuf.message import Message as Proto
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from google.type.date_pb2 import Date
from grpc_status import rpc_status

from amplify.finance_linkage.v1 import (
    eligibility_service_pb2_grpc,
    environment_service_pb2_grpc,
    finance_profile_service_pb2_grpc,
    financier_service_pb2_grpc,
    product_service_pb2_grpc,
    referral_service_pb2_grpc,
)
from chassis import clock, facts
from chassis.applying import Applier, Record
from chassis.database import Row, db
from chassis.envelope import Envelope, encode
from chassis.service import Service
from local_stack.waiting import wait_until

from .ledger import Ledger

T = TypeVar("T")
OFFICER, OFFICER_KH, MANAGER, FACTORY, OTHER_FACTORY, BANK, OTHER_BANK, ADVISOR, SRE = (
    str(uuid.UUID(int=number)) for number in range(1, 10)
)
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    OFFICER: {"roles": ["finance-officer"], "countries": ["BD"]},
    OFFICER_KH: {"roles": ["finance-officer"], "countries": ["KH"]},
    MANAGER: {"roles": ["country-manager"], "countries": ["BD"]},
    FACTORY: {"roles": ["factory-manager"], "factory": "bd-1001"},
    OTHER_FACTORY: {"roles": ["factory-manager"], "factory": "bd-1002"},
    BANK: {"roles": ["financier"], "organisation": "delta-bank"},
    OTHER_BANK: {"roles": ["financier"], "organisation": "padma-bank"},
    ADVISOR: {"roles": ["enterprise-advisor"], "countries": ["BD"]},
    SRE: {"roles": ["sre"]},
}
PARTNERS = (BANK, OTHER_BANK)
STUBS = (
    product_service_pb2_grpc.ProductServiceStub,
    eligibility_service_pb2_grpc.EligibilityServiceStub,
    finance_profile_service_pb2_grpc.FinanceProfileServiceStub,
    environment_service_pb2_grpc.EnvironmentServiceStub,
    referral_service_pb2_grpc.ReferralServiceStub,
)


@dataclass
class Refused(Exception):
    """What a refused call says: code, reason, and the violated fields with their reasons."""

    code: str
    reason: str
    fields: dict[str, str] = field(default_factory=dict)


class World:
    """`call(person, request)` calls the RPC that takes such a request, financiers on their own port."""

    def __init__(
        self, service: Service, issuer: Issuer, ledger: Ledger, ports: tuple[int, int], clock_file: Path
    ) -> None:
        self.ledger = ledger
        self._service, self._issuer, self._clock_file = service, issuer, clock_file
        self.channels = [grpc.insecure_channel(f"127.0.0.1:{port}") for port in ports]
        self._inner = [stub(self.channels[0]) for stub in STUBS]
        self._partner = financier_service_pb2_grpc.FinancierServiceStub(self.channels[1])
        self._sequences: dict[tuple[str, str], int] = {}
        self._offsets = 0

    def call(self, person: str, request: Any, *, partner: bool | None = None, **claims: Any) -> Any:
        """The response. Raises Refused."""
        to_partner_port = person in PARTNERS if partner is None else partner
        audience = "amplify-partner" if to_partner_port else "amplify"
        now = datetime.now(UTC)
        usual = {"sub": person, "aud": audience, "iat": now, "exp": now + timedelta(minutes=15)}
        token = self._issuer.token(**{**usual, **PEOPLE.get(person, {}), **claims})
        method = type(request).__name__.removesuffix("Request")
        stubs = [self._partner] if to_partner_port else [*self._inner, self._partner]
        stub = next(stub for stub in stubs if hasattr(stub, method))
        if not to_partner_port and stub is self._partner:
            stub = financier_service_pb2_grpc.FinancierServiceStub(self.channels[0])
        try:
            return getattr(stub, method)(request, metadata=[("authorization", f"Bearer {token}")], timeout=20)
        except grpc.RpcError as error:
            raise _refused(error) from None

    def tell(self, stream: str, key: str, fact: Proto, at: datetime | None = None) -> str:
        """Deliver a fact of another service to each consumer of its stream, twice; the fact's event id."""
        place = (stream, key)
        self._sequences[place] = self._sequences.get(place, 0) + 1
        source = "/" + stream.split("-")[0]
        event_id = str(uuid.uuid4())
        time_ = at or clock.now()
        envelope = Envelope(event_id, fact.DESCRIPTOR.full_name, source, key, time_, self._sequences[place], event_id)
        self._deliver(stream, envelope, fact.SerializeToString(deterministic=True))
        return event_id

    def pump(self) -> int:
        """Deliver the service's own public facts, as its relay would, to its own consumers, twice; how many."""
        rows = list(db().facts.find({"pending": True}).sort("order", 1))
        for row in rows:
            self._deliver(row["stream"], facts.envelope_of(row), bytes(row["value"]))
            db().facts.update_one({"_id": row["_id"]}, {"$unset": {"pending": ""}})
        return len(rows)

    def settle(self) -> None:
        """Pump until neither facts nor work that is due are left."""

        def quiet() -> bool:
            # In this order: where no work is due, none is under way that could record another fact.
            return not db().due_work.count_documents({"due_at": {"$lte": clock.now()}}) and not self.pump()

        wait_until(quiet)

    def move_clock(self, **ahead: float) -> None:
        """Set the business clock ahead by so much, from real time; nothing: back to it."""
        clock.move(self._clock_file, timedelta(**ahead).total_seconds())

    def _deliver(self, stream: str, envelope: Envelope, value: bytes) -> None:
        self._offsets += 1
        record = Record(stream, 0, self._offsets, value, tuple(encode(envelope)))
        for consumer in self._service.consumers:
            if stream in consumer.streams:
                applier = Applier(consumer, 1, lambda _: True)
                applier.apply([record])
                applier.apply([record])
        assert list(db().parked.find({}, {"_id": 1, "reason": 1, "error": 1})) == []


def new_id() -> str:
    """A fresh UUID."""
    return str(uuid.uuid4())


def day(offset: int = 0) -> Date:
    """The calendar day so many days from the business clock's today, in Dhaka."""
    local = (clock.now() + timedelta(hours=6, days=offset)).date()
    return contract_day(local)


def contract_day(local: date) -> Date:
    """A calendar day as the contract writes it."""
    return Date(year=local.year, month=local.month, day=local.day)


def stamp(moment: datetime) -> Timestamp:
    """A moment as the contract writes it."""
    made = Timestamp()
    made.FromDatetime(moment)
    return made


def content() -> dict[str, list[Row]]:
    """Everything in the service's database that a refused call must not change."""
    names = sorted(set(db().list_collection_names()) - {"due_work", "audit", "audit_seals", "leases"})
    return {name: list(db()[name].find().sort("_id", 1)) for name in names}


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
    return Refused(error.code().name, reason, fields)
