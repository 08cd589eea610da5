"""Fixtures: one running service for each test module, on a database of its own."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from google.type.date_pb2 import Date

from amplify.programme.v1.factory_pb2 import FACTORY_STATUS_ACTIVE
from amplify.programme.v1.programme_events_pb2 import (
    CountryProgrammeRevised,
    FactoryClosed,
    FactoryEnrolled,
    FactoryProfile,
    RevisedClock,
)
from assessment.__main__ import compose
from assessment.settings import AssessmentSettings
from chassis.consumer import Message
from chassis.database import client, db
from chassis.grpc_server import Server
from chassis.service import Service, configure, migrate
from chassis.unit_of_work import unit_of_work
from chassis.view import applying
from local_stack.issuer import Issuer

from .world import Refused, Visits, World, content

CLOCKS = [
    RevisedClock(kind=kind, days=days, effective_from=Date(year=2020, month=1, day=1))
    for kind, days in (("report-release", 28), ("progress-report", 30))
]
FACTS: list[Proto] = [
    CountryProgrammeRevised(country="BD", display_name="Bangladesh", time_zone="Asia/Dhaka", clocks=CLOCKS),
    CountryProgrammeRevised(country="JO", display_name="Jordan", time_zone="Asia/Amman", clocks=CLOCKS),
    *(
        FactoryEnrolled(factory_id=id, country=id[:2].upper(), profile=FactoryProfile(status=FACTORY_STATUS_ACTIVE))
        for id in ("bd-1001", "bd-1002", "bd-1003", "bd-1004", "jo-4001")
    ),
    FactoryClosed(factory_id="bd-1004", country="BD"),
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Who signs the tokens."""
    made = Issuer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def settings(mongodb_uri: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> AssessmentSettings:
    """Settings with a database of this module alone, 120 made-up questions and a movable clock."""
    folder = tmp_path_factory.mktemp("assessment")
    return AssessmentSettings(
        environment="test",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"t{uuid.uuid4().hex[:12]}-assessment",
        kafka_bootstrap="127.0.0.1:1",
        oidc_issuer=issuer.url,
        spans_dir=folder / "spans",
        business_clock_file=folder / "clock",
        generated_questions=120,
    )


@pytest.fixture(scope="module")
def service(settings: AssessmentSettings) -> Iterator[Service]:
    """The service, migrated, with what programme has told it."""
    made = compose(settings)
    configure(made, settings)
    migrate(made)
    for fact in FACTS:
        tell(made, fact)
    yield made
    client().drop_database(db().name)


@pytest.fixture(scope="module")
def world(service: Service, settings: AssessmentSettings, issuer: Issuer) -> Iterator[World]:
    """Its gRPC server, running."""
    server = Server(settings, service.apis)
    server.start()
    assert isinstance(settings.business_clock_file, Path)
    made = World(issuer, server.port, settings.business_clock_file)
    yield made
    made.channel.close()
    server.stop()


@pytest.fixture(scope="module")
def visits(world: World) -> Visits:
    """Made once; no test of this module changes them."""
    started = world.start()
    world.answer_all(started)
    return Visits(world.plan(), started, world.submit(), world.release(), world.questions(started)[0])


@pytest.fixture
def refuse(world: World) -> Callable[..., Refused]:
    """Calls, expects a refusal, and demands that the database is as it was."""

    def call(person: str, request: Any, **more: Any) -> Refused:
        before = content()
        with pytest.raises(Refused) as refused:
            world.call(person, request, **more)
        assert content() == before
        return refused.value

    return call


def tell(service: Service, fact: Proto) -> None:
    """Have the service's consumers apply a fact of programme."""

    def work() -> None:
        for consumer in service.consumers:
            for handler in consumer.handlers(fact.DESCRIPTOR.full_name, live=True):
                handler(fact, NO_MESSAGE)

    with applying(1):
        unit_of_work(work)


NO_MESSAGE: Message = None  # type: ignore[assignment]
"""The handlers of this service look at the fact alone."""
