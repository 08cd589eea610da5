"""Calls to other services: deadline, trace, token, and one retry policy, all in one place."""

import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

import grpc
from opentelemetry.trace import SpanKind

from chassis import cause, telemetry
from chassis.errors import Unavailable
from chassis.issuer import Issuer
from chassis.settings import Settings

DEADLINE_SECONDS = 5.0
_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 3,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "1s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
                },
            }
        ],
    }
)


class _Details(NamedTuple):
    method: str
    timeout: float | None
    metadata: list[tuple[str, str]]
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


def channel(target: str, token: Callable[[], str]) -> grpc.Channel:
    """A channel whose calls carry a deadline of five seconds, the trace, the correlation and the token.

    Retrying UNAVAILABLE is safe: every mutation has a request_id. So is CANCELLED, which a server gives in the first
    moment of its drain to calls that it has not begun.
    """
    plain = grpc.insecure_channel(
        target,
        options=[
            ("grpc.service_config", _SERVICE_CONFIG),
            ("grpc.keepalive_time_ms", 60_000),
            # By default names are asked anew every 30 s at most: too seldom when replicas are replaced in turn.
            ("grpc.dns_min_time_between_resolutions_ms", 1_000),
            ("grpc.max_receive_message_length", 4 * 1024 * 1024),
        ],
    )
    return grpc.intercept_channel(plain, _Outgoing(token))


class _Outgoing(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        name = details.method.decode() if isinstance(details.method, bytes) else details.method
        with telemetry.span(telemetry.SpanName.CALL, name.rsplit(".", 1)[-1], kind=SpanKind.CLIENT):
            metadata = [
                *(details.metadata or []),
                ("authorization", f"Bearer {self._token()}"),
                ("traceparent", telemetry.traceparent()),
                ("x-correlation-id", cause.current().correlation_id),
            ]
            timeout = details.timeout or DEADLINE_SECONDS
            outgoing = _Details(
                name, timeout, metadata, details.credentials, details.wait_for_ready, details.compression
            )
            return continuation(outgoing, request)


class ServiceToken:
    """This service's own token, by client credentials (RFC 6749, 4.4); fetched anew a minute before it ends."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = Issuer(settings)
        self._form = {
            "grant_type": "client_credentials",
            "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret,
        }
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def __call__(self) -> str:
        """A token that is good for another minute at least. Raises Unavailable while the provider is down."""
        with self._lock:
            if time.monotonic() > self._until:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        url, body = self._issuer.token_url(), urllib.parse.urlencode(self._form).encode()
        try:
            with urllib.request.urlopen(url, body, timeout=5) as answer:  # noqa: S310 - of the issuer
                content = json.load(answer)
        except OSError:
            raise Unavailable("The identity provider does not answer.") from None
        self._token = str(content["access_token"])
        self._until = time.monotonic() + max(float(content["expires_in"]) - 60, 1)
