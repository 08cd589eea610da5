"""Access tokens by client credentials (RFC 6749, 4.4): short-lived, fetched anew a minute before they end."""

import threading
import time
from dataclasses import dataclass, field

import grpc
import httpx

from amplify_client.refusals import Refused

EARLY_SECONDS = 60.0


@dataclass(frozen=True)
class Credentials:
    """Where tokens come from, and who asks for them."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)


class Tokens:
    """The token of the moment; safe to share between threads."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def current(self) -> str:
        """A token that is good for a while yet.

        Raises Refused as UNAVAILABLE while the issuer is away or busy, and httpx.HTTPStatusError where it says no.
        """
        with self._lock:
            if time.monotonic() >= self._until:
                self._fetch()
            return self._token

    def forget(self) -> None:
        """Fetch a new one the next time: the service refused this one."""
        with self._lock:
            self._until = 0.0

    def _fetch(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        try:
            answer = httpx.post(self._credentials.token_url, data=form, timeout=10)
        except httpx.TransportError as error:
            raise _away(str(error)) from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            raise _away(f"it answered {answer.status_code}")
        answer.raise_for_status()
        content = answer.json()
        self._token = str(content["access_token"])
        self._until = time.monotonic() + max(float(content["expires_in"]) - EARLY_SECONDS, 1.0)


def _away(why: str) -> Refused:
    return Refused(grpc.StatusCode.UNAVAILABLE, "", f"The issuer of tokens gives none now: {why}")
