"""Where the identity provider keeps its keys and gives tokens: the settings say so, or else the provider itself."""

import json
import threading
import urllib.request
from typing import Any

from chassis.errors import Unavailable
from chassis.settings import Settings

DISCOVERY = "/.well-known/openid-configuration"
TIMEOUT_SECONDS = 5


class Issuer:
    """The provider's addresses by OpenID Connect Discovery 1.0, asked for when they are first needed and remembered.

    Both methods raise Unavailable while the provider does not tell; the next call asks again.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = f"{settings.oidc_issuer.rstrip('/')}{DISCOVERY}"
        self._told = {"jwks_uri": settings.oidc_jwks_url, "token_endpoint": settings.oidc_token_url}
        self._lock = threading.Lock()

    def keys_url(self) -> str:
        """Where its signing keys are."""
        return self._address("jwks_uri")

    def token_url(self) -> str:
        """Where it gives tokens."""
        return self._address("token_endpoint")

    def _address(self, name: str) -> str:
        with self._lock:
            if not self._told[name]:
                found = self._discover()
                self._told = {key: value or str(found.get(key, "")) for key, value in self._told.items()}
            if not self._told[name]:
                raise Unavailable(f"The identity provider names no {name}.")
            return self._told[name]

    def _discover(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(self._url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - a setting
                return dict(json.load(answer))
        except (OSError, ValueError, TypeError):
            raise Unavailable("The identity provider does not say where its keys are.") from None
