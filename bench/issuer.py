"""An identity provider for measurements: signs tokens and serves its keys, so that services verify for real."""

import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


class Issuer:
    """Listens on a free loopback port until closed."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        # One document is its discovery and its keys.
        served: dict[str, object] = {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(served).encode())

            def do_POST(self) -> None:
                """A service asks for its own token."""
                token = issuer.token(str(uuid.UUID(int=9)), "service")
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({"access_token": token, "expires_in": 3600}).encode())

            def log_message(self, *_: object) -> None:
                """Be quiet."""

        issuer = self
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        served |= {"issuer": self.url, "jwks_uri": f"{self.url}/keys", "token_endpoint": f"{self.url}/token"}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def token(self, subject: str, role: str) -> str:
        """A token of a person of Bangladesh with that role, good for an hour."""
        return self._sign(subject, 3600, aud="amplify", roles=[role], countries=["BD"])

    def partner_token(self, subject: str, organisation: str) -> str:
        """A token of a buyer's program, good for as long as a partner's may be."""
        return self._sign(subject, 900, aud="amplify-partner", roles=["buyer"], organisation=organisation)

    def _sign(self, subject: str, seconds: int, **claims: object) -> str:
        now = int(time.time())
        content = {"iss": self.url, "sub": subject, "iat": now, "exp": now + seconds, **claims}
        return jwt.encode(content, self._key, algorithm="RS256", headers={"kid": "1"})

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
