"""Addresses of the identity provider come from itself, wherever it has them, and an outage only delays that."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from callers import Issuer as Signer

from chassis.errors import Unavailable
from chassis.grpc_client import ServiceToken
from chassis.identity import TokenVerifier
from chassis.issuer import DISCOVERY, Issuer
from chassis.settings import Settings

REALM = "/realms/amplify"
KEYS, TOKENS = f"{REALM}/protocol/openid-connect/certs", f"{REALM}/protocol/openid-connect/token"


class Provider:
    """A provider whose paths are those of a well-known product; `down` while it answers 503, `asked` for what."""

    def __init__(self, keys: Any) -> None:
        self.down = False
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                self._answer()

            def _answer(self) -> None:
                provider.asked.append(self.path)
                content = None if provider.down else provider.content(keys).get(self.path)
                self.send_response(503 if content is None else 200)
                self.end_headers()
                self.wfile.write(json.dumps(content).encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def content(self, keys: Any) -> dict[str, Any]:
        """What is at each path."""
        named = {"jwks_uri": f"{self.root}{KEYS}", "token_endpoint": f"{self.root}{TOKENS}"}
        return {f"{REALM}{DISCOVERY}": named, KEYS: keys, TOKENS: {"access_token": "given", "expires_in": 300}}

    def close(self) -> None:
        """Close the address."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def signer() -> Iterator[Signer]:
    one = Signer()
    yield one
    one.close()


@pytest.fixture
def provider(signer: Signer) -> Iterator[Provider]:
    one = Provider(signer.keys)
    yield one
    one.close()


def _settings(provider: Provider, **others: str) -> Settings:
    needed = {"mongodb_uri": "mongodb://unused", "mongodb_database": "unused", "kafka_bootstrap": "unused:9092"}
    return Settings.model_validate({**needed, "oidc_issuer": f"{provider.root}{REALM}", **others})


def test_tokens_are_verified_with_keys_from_where_the_provider_has_them(provider: Provider, signer: Signer) -> None:
    settings = _settings(provider)
    assert TokenVerifier(settings).verify(signer.token(iss=settings.oidc_issuer)).subject == "clerk-1"
    assert provider.asked == [f"{REALM}{DISCOVERY}", KEYS]


def test_a_service_gets_its_token_from_where_the_provider_gives_them(provider: Provider) -> None:
    assert ServiceToken(_settings(provider))() == "given"
    assert provider.asked == [f"{REALM}{DISCOVERY}", TOKENS]


def test_an_outage_at_the_start_is_over_when_the_provider_is_back(provider: Provider, signer: Signer) -> None:
    provider.down = True
    settings = _settings(provider)
    verifier, own = TokenVerifier(settings), ServiceToken(settings)
    for ask in (lambda: verifier.verify(signer.token(iss=settings.oidc_issuer)), own):
        with pytest.raises(Unavailable):
            ask()
    provider.down = False
    assert verifier.verify(signer.token(iss=settings.oidc_issuer)).subject == "clerk-1"
    assert own() == "given"


def test_addresses_are_asked_for_once_and_settings_win(provider: Provider) -> None:
    issuer = Issuer(_settings(provider, oidc_jwks_url="https://keys.test"))
    assert issuer.keys_url() == "https://keys.test"
    assert provider.asked == []
    assert {issuer.token_url() for _ in range(3)} == {f"{provider.root}{TOKENS}"}
    assert issuer.keys_url() == "https://keys.test"
    assert provider.asked == [f"{REALM}{DISCOVERY}"]
