"""An identity provider for tests of services: signs whatever tokens a test asks for, serves its keys and says where."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


class Issuer:
    """Listens on a free loopback port until closed."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        served: dict[str, Any] = {"/keys": {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}}

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path in served else 404)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(served.get(self.path, {})).encode())

            def log_message(self, *_: Any) -> None:
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        served["/.well-known/openid-configuration"] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def token(self, subject: str, role: str, **claims: Any) -> str:
        """A token of that person; claims replace the usual ones."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": "amplify", "sub": subject, "iat": now, "exp": now + 600, "roles": [role]}
        return jwt.encode({**usual, **claims}, self._key, algorithm="RS256", headers={"kid": "1"})

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
