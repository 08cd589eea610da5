"""Who is calling: a verified token becomes an Identity, and nothing else does."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jwt

from chassis.errors import Denied, Unauthenticated, Unavailable
from chassis.issuer import Issuer
from chassis.settings import Settings

ALGORITHMS = ["RS256", "ES256"]
LARGEST_TOKEN = 8192
REMEMBERED_TOKENS = 2048
LONGEST_PARTNER_SECONDS = 15 * 60
_REGISTERED_CLAIMS = {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "roles", "name", "email", "locale", "client_id"}


@dataclass(frozen=True)
class Identity:
    """A caller.

    `subject` is the issuer's opaque, random id of a person or client and serves as the `actor` of facts;
    `roles` and `attributes` (claim name -> values) are what access rules compare with. `until` is the token's end in
    seconds since the epoch: a stream goes on no longer than that.
    """

    subject: str
    roles: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    until: float = field(default=float("inf"), compare=False)

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
    roles = frozenset(map(str, claims.get("roles", ())))
    return Identity(str(claims["sub"]), roles, attributes, float(claims.get("exp", "inf")))


class TokenVerifier:
    """Checks signature, issuer, audience and times (RFC 9068 in essence) and remembers tokens it has checked."""

    def __init__(self, settings: Settings, audience: str = "") -> None:
        self._issuer = settings.oidc_issuer
        self._audience = audience or settings.oidc_audience
        self._provider = Issuer(settings)
        self._keys: jwt.PyJWKClient | None = None
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
        identity = self._identity(claims)
        self._known[digest] = (float(claims["exp"]), identity)
        return identity

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        """What may be narrowed for some callers."""
        return from_claims(claims)

    def _signing_keys(self) -> jwt.PyJWKClient:
        if self._keys is None:
            # A withdrawn key goes within 300 s.
            self._keys = jwt.PyJWKClient(self._provider.keys_url(), lifespan=300, timeout=5)
        return self._keys

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self._signing_keys().get_signing_key_from_jwt(token)
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


class PartnerVerifier(TokenVerifier):
    """Accepts short-lived tokens for the partners' audience alone, and of their roles only those of a partner.

    The issuer gives tokens for that audience by client credentials and in no other way, so that no token of a person,
    and none of a service, opens the port for partners; and a partner's token opens no other.
    """

    def __init__(self, settings: Settings, roles: Iterable[str]) -> None:
        super().__init__(settings, settings.oidc_partner_audience)
        self._roles = frozenset(roles)

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        if float(claims["exp"]) - float(claims["iat"]) > LONGEST_PARTNER_SECONDS:
            raise Unauthenticated("A token may live for 15 minutes here.", reason="TOKEN_LIVES_TOO_LONG")
        identity = from_claims(claims)
        if identity.roles.isdisjoint(self._roles):
            raise Denied("Your role does not allow this.")
        return replace(identity, roles=identity.roles & self._roles)
