"""Who is calling: a verified token becomes an Identity, and nothing else does."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from chassis.errors import Unauthenticated, Unavailable
from chassis.settings import Settings

ALGORITHMS = ["RS256", "ES256"]
LARGEST_TOKEN = 8192
REMEMBERED_TOKENS = 2048
_REGISTERED_CLAIMS = {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "roles", "name", "email", "locale", "client_id"}


@dataclass(frozen=True)
class Identity:
    """A caller.

    `subject` is the issuer's opaque, random id of a person or client and serves as the `actor` of facts;
    `roles` and `attributes` (claim name -> values) are what access rules compare with.
    """

    subject: str
    roles: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def values(self, attribute: str) -> frozenset[str]:
        """The identity's values of an attribute; `subject` is one of them."""
        return frozenset({self.subject}) if attribute == "subject" else self.attributes.get(attribute, frozenset())


def from_claims(claims: Mapping[str, Any]) -> Identity:
    """Read an identity from a token's verified claims; every private claim becomes an attribute of its own name."""
    attributes = {
        name: frozenset(map(str, value if isinstance(value, list) else [value]))
        for name, value in claims.items()
        if name not in _REGISTERED_CLAIMS and value
    }
    return Identity(str(claims["sub"]), frozenset(map(str, claims.get("roles", ()))), attributes)


class TokenVerifier:
    """Checks signature, issuer, audience and times (RFC 9068 in essence) and remembers tokens it has checked."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._audience = settings.oidc_audience
        self._keys = jwt.PyJWKClient(settings.jwks_url, lifespan=300, timeout=5)  # a withdrawn key goes within 300 s
        self._known: dict[bytes, tuple[float, Identity]] = {}

    def verify(self, token: str) -> Identity:
        """The identity behind a token. Raises Unauthenticated, or Unavailable while the keys cannot be fetched."""
        if len(token) > LARGEST_TOKEN:
            raise Unauthenticated("The token is too long.")
        digest = hashlib.sha256(token.encode()).digest()
        expires, identity = self._known.get(digest, (0.0, None))
        if identity is not None and time.time() < expires:
            return identity
        claims = self._claims(token)
        if len(self._known) >= REMEMBERED_TOKENS:
            self._known = {}
        identity = from_claims(claims)
        self._known[digest] = (float(claims["exp"]), identity)
        return identity

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            return jwt.decode(
                token,
                key.key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except jwt.PyJWKClientConnectionError:
            raise Unavailable("The identity provider's keys cannot be fetched now.") from None
        except jwt.PyJWTError:
            raise Unauthenticated("The token is malformed, expired, or not from the expected issuer.") from None
