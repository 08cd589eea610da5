"""Fixtures: one running service for each test module, on a database of its own."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message as Proto

from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.programme_events_pb2 import (
    CountryProgrammeRevised,
    FactoryClosed,
    FactoryEnrolled,
    FactoryProfile,
    FactorySuspended,
)
from chassis import clock
from chassis.applying import Applier, Record
from chassis.database import client, db
from chassis.envelope import Envelope, encode
from chassis.facts import envelope_of
from chassis.grpc_server import Server
from chassis.service import Service, configure, migrate
from chassis.settings import Settings
from local_stack.issuer import Issuer
from training.__main__ import service as compose

from .world import Refused, World, content, day

ACTIVE = FactoryProfile(status=FACTORY_STATUS_ACTIVE)


class Neighbours:
    """Says what other services say, and what this one says to itself; everything is delivered twice."""

    def __init__(self, service: Service) -> None:
        self._appliers = [(one, Applier(one, 1, lambda _: True)) for one in service.consumers]
        self._sequences: dict[tuple[str, str], int] = {}

    def say(self, stream: str, key: str, fact: Proto, at: datetime | None = None) -> None:
        """The next fact of an aggregate."""
        sequence = self._sequences[stream, key] = self._sequences.get((stream, key), 0) + 1
        kind = fact.DESCRIPTOR.full_name
        envelope = Envelope(str(uuid.uuid4()), kind, "/test", key, at or clock.now(), sequence, "story-1")
        self._deliver(Record(stream, 0, sequence, fact.SerializeToString(), tuple(encode(envelope))))

    def say_own(self, stream: str) -> None:
        """Every fact of this service's stream, from the first on, as the relay publishes them."""
        for offset, row in enumerate(db().facts.find({"stream": stream}).sort("order", 1)):
            self._deliver(Record(stream, 0, offset, bytes(row["value"]), tuple(encode(envelope_of(row)))))

    def _deliver(self, record: Record) -> None:
        for consumer, applier in self._appliers:
            if record.stream in consumer.streams:
                applier.apply([record])
                applier.apply([record])
        assert list(db().parked.find({}, {"value": 0})) == []


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Who signs the tokens."""
    made = Issuer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def settings(mongodb_uri: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a database of this module alone and a movable clock."""
    folder = tmp_path_factory.mktemp("training")
    return Settings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"t{uuid.uuid4().hex[:12]}-training",
        kafka_bootstrap="127.0.0.1:1",
        oidc_issuer=issuer.url,
        spans_dir=folder / "spans",
        business_clock_file=folder / "clock",
    )


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[Service]:
    """The service, migrated."""
    made = compose()
    configure(made, settings)
    migrate(made)
    yield made
    client().drop_database(db().name)


@pytest.fixture(scope="module")
def neighbours(service: Service) -> Neighbours:
    """What programme has told: countries and factories."""
    made = Neighbours(service)
    for country, zone in (("BD", "Asia/Dhaka"), ("JO", "Asia/Amman")):
        told = CountryProgrammeRevised(country=country, time_zone=zone)
        made.say("programme-country-programmes", country, told)
    for id in ("bd-1001", "bd-1002", "bd-1003", "bd-1004", "bd-1005", "jo-4001"):
        fact = FactoryEnrolled(factory_id=id, country=id[:2].upper(), profile=ACTIVE)
        made.say("programme-factories", id, fact)
    made.say("programme-factories", "bd-1004", FactoryClosed(factory_id="bd-1004", country="BD"))
    made.say("programme-factories", "bd-1005", FactorySuspended(factory_id="bd-1005", country="BD"))
    return made


@pytest.fixture(scope="module")
def world(service: Service, neighbours: Neighbours, settings: Settings, issuer: Issuer) -> Iterator[World]:
    """Its gRPC server, running."""
    server = Server(settings, service.apis)
    server.start()
    assert isinstance(settings.business_clock_file, Path)
    made = World(issuer, server.port, settings.business_clock_file)
    yield made
    made.channel.close()
    server.stop()


@pytest.fixture
def refuse(world: World) -> Callable[..., Refused]:
    """Calls, expects a refusal, and demands that the database is as it was."""

    def call(person: str, request: Any) -> Refused:
        before = content()
        with pytest.raises(Refused) as refused:
            world.call(person, request)
        assert content() == before
        return refused.value

    return call


@pytest.fixture(scope="module")
def held(world: World) -> tuple[str, list[str]]:
    """A session of today and tomorrow, two people in it, nothing recorded; no test changes it."""
    name = world.schedule(days=[day(0), day(1)], capacity=2)
    return name, world.enrol(name, 2)


@pytest.fixture(scope="module")
def closed(world: World) -> tuple[str, list[str]]:
    """A closed session with three people, the first of whom did not complete it; no test changes it."""
    return world.completed(3, absent=1)
