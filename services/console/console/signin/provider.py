"""The identity provider: OIDC authorization code with PKCE, refresh and sign-out."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from authlib.integrations.starlette_client import OAuth, OAuthError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.settings import ConsoleSettings
from console.signin.sessions import Session, ends_at, new_key

__all__ = ["OAuthError", "Provider"]


class Provider:
    """Signs people in at the issuer of the settings; the only module that knows OIDC."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        self._client: Any = OAuth().register(
            name="provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
        )

    async def send(self, request: Request) -> Response:
        """Send the browser to the provider."""
        redirect: Response = await self._client.authorize_redirect(
            request, f"{self._settings.public_url}/sign-in/callback"
        )
        return redirect

    async def receive(self, request: Request, now: datetime) -> Session:
        """The session of somebody who comes back from the provider; raises OAuthError for a reply that is not ours."""
        token = await self._client.authorize_access_token(request)
        return self._session(new_key(), token, now, ends_at(now, self._settings.session_hours))

    async def refresh(self, session: Session, now: datetime) -> Session | None:
        """The session with fresh tokens; None when the person has to sign in again."""
        if not session.refresh_token:
            return None
        metadata = await self._client.load_server_metadata()
        try:
            token = await self._client._get_oauth_client(**metadata).refresh_token(
                metadata["token_endpoint"], refresh_token=session.refresh_token
            )
        except OAuthError:
            return None
        kept = {"refresh_token": session.refresh_token, "id_token": session.id_token}
        return self._session(session.key, kept | dict(token), now, session.ends_at, session.language)

    async def leave(self, session: Session) -> Response:
        """Where the browser goes to sign out at the provider, too."""
        metadata = await self._client.load_server_metadata()
        if not metadata.get("end_session_endpoint"):
            return RedirectResponse("/sign-in", 303)
        url = await self._client.create_logout_url(
            post_logout_redirect_uri=f"{self._settings.public_url}/sign-in", id_token_hint=session.id_token or None
        )
        return RedirectResponse(url["url"], 303)

    def _session(self, key: str, token: Mapping[str, Any], now: datetime, ends: float, language: str = "") -> Session:
        claims = _claims(token["access_token"])
        return Session(
            key=key,
            subject=claims["sub"],
            name=claims.get("name", ""),
            roles=tuple(claims.get("roles", ())),
            countries=tuple(claims.get("countries", ())),
            organisation=claims.get("organisation", ""),
            factory=claims.get("factory", ""),
            access_token=token["access_token"],
            access_expires_at=float(claims.get("exp") or now.timestamp() + token.get("expires_in", 300)),
            refresh_token=token.get("refresh_token", ""),
            id_token=token.get("id_token", ""),
            ends_at=ends,
            language=language or claims.get("locale", ""),
        )


def _claims(access_token: str) -> dict[str, Any]:
    """What the token says. It came straight from the provider, and services verify it at every call."""
    body = access_token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
