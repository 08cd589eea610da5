"""Fixtures: one running service for each test module, on a database of its own."""

import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from callers import Issuer

from chassis import clock
from chassis.database import client, db
from chassis.due_work import DueWorker
from chassis.grpc_server import Server
from chassis.service import configure, migrate, partner_server
from finance_linkage.__main__ import compose
from finance_linkage.consents import ProgrammeConsents
from finance_linkage.consents import configure as ask_here
from finance_linkage.service import DUE
from finance_linkage.settings import FinanceLinkageSettings

from . import telling
from .ledger import serving
from .world import Refused, World, content


@pytest.fixture(scope="module")
def world(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The service with what programme says of Bangladesh: two factories, and bd-1003 in Jordan's stead."""
    folder = tmp_path_factory.mktemp("finance")
    issuer = Issuer()
    with serving() as (ledger, address):
        settings = FinanceLinkageSettings(
            environment="test",
            mongodb_uri=mongodb_uri,
            mongodb_database=f"t{uuid.uuid4().hex[:12]}-finance",
            kafka_bootstrap="127.0.0.1:1",
            business_clock_file=folder / "clock",
            spans_dir=folder / "spans",
            programme_address=address,
            oidc_issuer=issuer.settings["oidc_issuer"],
            oidc_jwks_url=issuer.settings["oidc_jwks_url"],
        )
        service = compose(settings)
        ask_here(ProgrammeConsents(address, lambda: "token"))
        configure(service, settings)
        migrate(service)
        servers = [Server(settings, service.apis), partner_server(service, settings)]
        for server in servers:
            server.start()
        workers = [DueWorker(handlers) for handlers in DUE]
        threads = [threading.Thread(target=worker.run, daemon=True) for worker in workers]
        for thread in threads:
            thread.start()
        made = World(service, issuer, ledger, (servers[0].port, servers[1].port), Path(folder / "clock"))
        telling.country(made)
        for factory in ("bd-1001", "bd-1002", "bd-1003"):
            telling.enrol(made, factory)
        made.settle()
        yield made
        for worker, thread in zip(workers, threads, strict=True):
            worker.stop()
            thread.join(20)
        for channel in made.channels:
            channel.close()
        for server in servers:
            server.stop()
        client().drop_database(db().name)
        clock.configure(None)
        issuer.close()


@pytest.fixture
def refuse(world: World) -> Callable[..., Refused]:
    """Calls, expects a refusal, and demands that the database is as it was."""

    def call(person: str, request: Any, **more: Any) -> Refused:
        world.settle()
        before = content()
        with pytest.raises(Refused) as refused:
            world.call(person, request, **more)
        assert content() == before
        return refused.value

    return call
