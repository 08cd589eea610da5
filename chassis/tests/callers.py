"""Clients of the test service that never give up: one request_id an operation, until it is answered."""

import json
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import jwt
import ledger_rpc
from checker import Operation
from cryptography.hazmat.primitives.asymmetric import rsa

from chassis.ids import new_id

ISSUER = "http://issuer.test"
_OPTIONS = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 300)]
_AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}


class Issuer:
    """An identity provider reduced to its key and the address where verifiers fetch it."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        self.keys = {"keys": [public | {"kid": "test", "use": "sig", "alg": "RS256"}]}
        keys = json.dumps(self.keys).encode()

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(keys)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def environment(self, port: int) -> dict[str, str]:
        """The environment of a server at this port that trusts this issuer."""
        return {name.upper(): value for name, value in self.settings.items()} | {"GRPC_PORT": str(port)}

    @property
    def settings(self) -> dict[str, str]:
        """Settings of a server that trusts this issuer."""
        return {"oidc_issuer": ISSUER, "oidc_jwks_url": f"http://127.0.0.1:{self._server.server_port}/jwks"}

    def close(self) -> None:
        """Close the address."""
        self._server.shutdown()
        self._server.server_close()

    def token(self, **claims: Any) -> str:
        """A token of a clerk, valid for an hour, with these claims changed."""
        now = datetime.now(UTC)
        content = {"iss": ISSUER, "aud": "amplify", "sub": "clerk-1", "roles": ["clerk"], "iat": now}
        content |= {"exp": now + timedelta(hours=1)} | claims
        return jwt.encode(content, self.key, "RS256", headers={"kid": "test"})


@dataclass
class Load:
    """Several clients that open accounts and credit them until stopped; each amount is used once."""

    port: int
    token: str
    seed: int
    clients: int = 3
    pause: float = 0.02
    operations: list[Operation] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(self.clients)
        ]

    def start(self) -> "Load":
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def answered(self) -> int:
        """How many operations have been answered."""
        return sum(one.outcome == "ok" for one in self.operations)

    def stop(self) -> None:
        """Let every operation under way be answered, then end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive(), "a client got no answer"

    def _run(self, number: int) -> None:
        choose = random.Random(f"{self.seed}/{number}")  # noqa: S311
        name = f"client-{number}"
        with grpc.insecure_channel(f"127.0.0.1:{self.port}", options=_OPTIONS) as channel:
            mine: list[str] = []
            for turn in range(1, 1_000_000):
                if self._stop.is_set():
                    return
                if turn % 15 == 1:
                    mine.append(f"{name}-{turn}")
                    self._ask(channel, "OpenAccount", account_id=mine[-1], owner=name)
                    self.opened.append(mine[-1])
                one = Operation(name, choose.choice(mine[-4:]), turn * 100 + number)
                self.operations.append(one)
                one.outcome = self._ask(channel, "CreditAccount", account_id=one.account, amount=one.amount)
                time.sleep(self.pause)

    def _ask(self, channel: grpc.Channel, method: str, **fields: Any) -> str:
        request_id = new_id()
        while True:
            try:
                ledger_rpc.call(channel, method, self.token, timeout=5, request_id=request_id, **fields)
            except grpc.RpcError as error:
                if error.code() not in _AGAIN:
                    self.refusals.append(f"{method} {error.code()} {error.details()}")
                    return "refused"
                time.sleep(0.1)
            else:
                return "ok"
