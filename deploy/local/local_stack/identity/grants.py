"""Codes and refresh tokens between the click and the token. A code is good once."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass

CODE_SECONDS = 60
REFRESH_SECONDS = 12 * 3600


class Refused(Exception):
    """An OAuth error: `error` is its code (RFC 6749, section 5.2), the text explains."""

    def __init__(self, error: str, explanation: str) -> None:
        super().__init__(explanation)
        self.error = error


@dataclass(frozen=True)
class Grant:
    """Who clicked, for which client, and what the client must show to redeem it."""

    person: str
    client_id: str
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""


class Grants:
    """Grants in memory: a restart of the provider signs everybody out."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[float, Grant]] = {}

    def code(self, grant: Grant) -> str:
        """A code for a grant, good for a minute."""
        return self._keep(grant, CODE_SECONDS)

    def refresh_token(self, grant: Grant) -> str:
        """A refresh token for a grant."""
        return self._keep(Grant(grant.person, grant.client_id), REFRESH_SECONDS)

    def redeem_code(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Grant:
        """The grant behind a code, once; raises Refused when anything differs from what was asked for."""
        grant = self._take(code, client_id)
        if grant.redirect_uri != redirect_uri:
            raise Refused("invalid_grant", "redirect_uri differs from the one of the request")
        if not secrets.compare_digest(challenge_of(verifier), grant.challenge):
            raise Refused("invalid_grant", "code_verifier does not match the code_challenge")
        return grant

    def redeem_refresh_token(self, token: str, client_id: str) -> Grant:
        """The grant behind a refresh token, which stays good: several requests of one page may refresh at once."""
        return self._find(token, client_id)

    def _keep(self, grant: Grant, seconds: int) -> str:
        now = time.monotonic()
        self._open = {handle: kept for handle, kept in self._open.items() if kept[0] > now}
        handle = secrets.token_urlsafe(32)
        self._open[handle] = (now + seconds, grant)
        return handle

    def _take(self, handle: str, client_id: str) -> Grant:
        grant = self._find(handle, client_id)
        del self._open[handle]
        return grant

    def _find(self, handle: str, client_id: str) -> Grant:
        ends, grant = self._open.get(handle, (0.0, None))
        if grant is None or ends < time.monotonic() or grant.client_id != client_id:
            raise Refused("invalid_grant", "unknown, used or expired, or given to another client")
        return grant


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636, section 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
