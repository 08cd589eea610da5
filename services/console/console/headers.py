"""Security headers of every response: nothing inline, nothing from elsewhere, nothing kept by caches."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.settings import ConsoleSettings

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Largest form accepted; the largest real one is a factory list of 2 MiB."""


class Headers:
    """Adds them as the response starts."""

    def __init__(self, app: ASGIApp, settings: ConsoleSettings) -> None:
        self._app = app
        issuer = urlsplit(settings.oidc_issuer)
        self._fixed = {
            "content-security-policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                "connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
                f"form-action 'self' {issuer.scheme}://{issuer.netloc}"
            ),
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }
        if settings.secure:
            self._fixed["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the headers put on."""
        kept = scope["type"] == "http" and scope["path"].startswith("/static/") and b"v=" in scope["query_string"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._fixed)
                headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
