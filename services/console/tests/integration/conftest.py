"""A console in this process, a real database behind it, and the development identity provider on a port."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
import uvicorn
from pymongo import MongoClient
from starlette.testclient import TestClient

from console.app import build
from console.clients.services import Channels
from console.service import PAGES
from console.settings import ConsoleSettings
from console.signin.sessions import Sessions
from local_stack.identity.app import provider
from local_stack.identity.keys import signing_key
from local_stack.identity.tokens import Issuer
from local_stack.people import directory

TOKEN_SECONDS = 900


@pytest.fixture(scope="session")
def token_seconds() -> int:
    """How long an access token lives."""
    return TOKEN_SECONDS


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory, token_seconds: int) -> Iterator[Issuer]:
    """The development identity provider, serving."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    made = Issuer(f"http://127.0.0.1:{port}", signing_key(Path(tmp_path_factory.mktemp("identity"))), token_seconds)
    server = uvicorn.Server(uvicorn.Config(provider(made, directory()), log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield made
    server.should_exit = True
    thread.join(60)
    listening.close()


@pytest.fixture
def sessions(mongodb_uri: str, mongodb_database: str) -> Iterator[Sessions]:
    """The session store in a database of this test alone."""
    with MongoClient[dict[str, object]](mongodb_uri, tz_aware=True) as client:
        store = Sessions(client, mongodb_database)
        store.prepare()
        yield store


@pytest.fixture
def browser(sessions: Sessions, issuer: Issuer, mongodb_uri: str) -> Iterator[TestClient]:
    """A browser at a console whose services do not answer."""
    nobody = "127.0.0.1:1"
    settings = ConsoleSettings(
        mongodb_uri=mongodb_uri,
        oidc_issuer=issuer.url,
        public_url="http://127.0.0.1:8080",
        development_identity=True,
        programme_address=nobody,
        assessment_address=nobody,
        notifications_address=nobody,
        call_seconds=1,
    )
    app = build(settings, PAGES, sessions, Channels(settings))
    with TestClient(app, base_url="http://127.0.0.1:8080", follow_redirects=False) as client:
        yield client


@pytest.fixture
def sign_in(browser: TestClient) -> Callable[..., str]:
    """Signs a person in; returns the address that the browser ends at."""

    def go(person: str, to: str = "/") -> str:
        start = browser.get("/sign-in/start", params={"to": to})
        back = urlsplit(choose(start.headers["location"], person))
        return str(browser.get(f"{back.path}?{back.query}").headers["location"])

    return go


def choose(authorize: str, person: str) -> str:
    """Choose a person at the provider; returns the address that it sends the browser to."""
    url = urlsplit(authorize)
    form = {**dict(parse_qsl(url.query)), "person": person}
    answer = httpx2.post(f"{url.scheme}://{url.netloc}{url.path}", data=form, follow_redirects=False, timeout=60)
    return str(answer.headers["location"])
