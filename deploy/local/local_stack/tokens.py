"""Tokens for tests and the command line, got from the development provider as any client gets them."""

import secrets
from urllib.parse import parse_qs, urlsplit

import httpx

from local_stack.identity.grants import challenge_of

_CLIENT = "development-cli"
_REDIRECT = "http://127.0.0.1/token"


def person_token(issuer: str, person: str) -> str:
    """An access token of a person in `people.yaml`, by signing in as them; `person` is their key there.

    Raises ValueError when nobody has this key.
    """
    verifier = secrets.token_urlsafe(48)
    request = {"client_id": _CLIENT, "redirect_uri": _REDIRECT, "response_type": "code", "scope": "openid"}
    challenge = {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    clicked = httpx.post(f"{issuer}/authorize", data={**request, **challenge, "person": person})
    if clicked.status_code != httpx.codes.SEE_OTHER:
        raise ValueError(f"{person} cannot sign in: {clicked.text}")
    code = parse_qs(urlsplit(clicked.headers["location"]).query)["code"][0]
    return _token(
        issuer,
        {
            "grant_type": "authorization_code",
            "client_id": _CLIENT,
            "redirect_uri": _REDIRECT,
            "code": code,
            "code_verifier": verifier,
        },
    )


def service_token(issuer: str, client_id: str, secret: str) -> str:
    """An access token of a service, by its own credentials."""
    return _token(issuer, {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret})


def _token(issuer: str, form: dict[str, str]) -> str:
    answer = httpx.post(f"{issuer}/token", data=form)
    answer.raise_for_status()
    return str(answer.json()["access_token"])
