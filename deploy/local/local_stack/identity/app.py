"""The provider's pages and endpoints (OpenID Connect: code with PKCE, client credentials, refresh)."""

import re
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote, urlencode

from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from local_stack.identity.grants import Grant, Grants, Refused
from local_stack.identity.keys import ALGORITHM, public_keys
from local_stack.identity.tokens import Issuer, about
from local_stack.people import Client, Directory, NoSuchPerson, Person

_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(?P<path>/[^?#]*)")
_PAGES = Jinja2Templates(Path(__file__).parent / "templates")


def provider(issuer: Issuer, directory: Directory) -> Starlette:
    """The ASGI application of a provider that knows a directory."""
    endpoints = _Endpoints(issuer, directory)
    return Starlette(
        routes=[
            Route("/", endpoints.home),
            Route("/.well-known/openid-configuration", endpoints.discovery),
            Route("/jwks", endpoints.jwks),
            Route("/authorize", endpoints.choose, methods=["GET"]),
            Route("/authorize", endpoints.sign_in, methods=["POST"]),
            Route("/token", endpoints.token, methods=["POST"]),
            Route("/userinfo", endpoints.userinfo, methods=["GET", "POST"]),
            Route("/end_session", endpoints.end_session, methods=["GET", "POST"]),
        ],
        exception_handlers={Refused: _oauth_error},
    )


class _Endpoints:
    def __init__(self, issuer: Issuer, directory: Directory) -> None:
        self._issuer = issuer
        self._directory = directory
        self._grants = Grants()

    async def home(self, request: Request) -> Response:
        return _PAGES.TemplateResponse(request, "home.html", {"people": self._directory.people})

    async def discovery(self, _: Request) -> JSONResponse:
        url = self._issuer.url
        return JSONResponse(
            {
                "issuer": url,
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "userinfo_endpoint": f"{url}/userinfo",
                "end_session_endpoint": f"{url}/end_session",
                "jwks_uri": f"{url}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "code_challenge_methods_supported": ["S256"],
                "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
                "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
                "scopes_supported": ["openid", "profile", "email"],
            }
        )

    async def jwks(self, _: Request) -> JSONResponse:
        return JSONResponse(public_keys(self._issuer.key))

    async def choose(self, request: Request) -> HTMLResponse:
        asked = request.query_params
        self._check(asked)
        context = {"people": self._directory.people, "asked": dict(asked), "client": asked["client_id"]}
        return _PAGES.TemplateResponse(request, "people.html", context)

    async def sign_in(self, request: Request) -> Response:
        asked = await request.form()
        self._check(asked)
        try:
            person = self._directory.person(_text(asked, "person"))
        except NoSuchPerson as error:
            raise HTTPException(400, str(error)) from None
        code = self._grants.code(
            Grant(
                person=person.key,
                client_id=_text(asked, "client_id"),
                redirect_uri=_text(asked, "redirect_uri"),
                challenge=_text(asked, "code_challenge"),
                nonce=_text(asked, "nonce"),
            )
        )
        answer = urlencode({"code": code, "state": _text(asked, "state"), "iss": self._issuer.url})
        return RedirectResponse(f"{_text(asked, 'redirect_uri')}?{answer}", 303)

    async def token(self, request: Request) -> JSONResponse:
        form = await request.form()
        client = self._client(request, form)
        match _text(form, "grant_type"):
            case "client_credentials" if client.secret:
                answer = {"access_token": self._issuer.service_token(client)}
            case "authorization_code":
                handles = (_text(form, name) for name in ("redirect_uri", "code_verifier"))
                grant = self._grants.redeem_code(_text(form, "code"), client.id, *handles)
                answer = {**self._signed_in(grant), "refresh_token": self._grants.refresh_token(grant)}
            case "refresh_token":
                handle = _text(form, "refresh_token")
                answer = self._signed_in(self._grants.redeem_refresh_token(handle, client.id))
            case other:
                raise Refused("unsupported_grant_type", f"grant_type {other!r} is not for client {client.id}")
        body = {**answer, "token_type": "Bearer", "expires_in": self._issuer.seconds}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def userinfo(self, request: Request) -> JSONResponse:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            claims = self._issuer.read(token if scheme.lower() == "bearer" else "")
        except (JoseError, ValueError):
            raise HTTPException(401, "A good access token is needed.", {"WWW-Authenticate": "Bearer"}) from None
        person = next((one for one in self._directory.people if one.sub == claims["sub"]), None)
        return JSONResponse(about(person) if person else {"sub": claims["sub"]})

    async def end_session(self, request: Request) -> Response:
        asked = request.query_params if request.method == "GET" else await request.form()
        back = _text(asked, "post_logout_redirect_uri")
        client = self._directory.client(_text(asked, "client_id") or "console")
        if back and client and _on_loopback(back, client.after_sign_out):
            state = _text(asked, "state")
            return RedirectResponse(f"{back}?{urlencode({'state': state})}" if state else back, 303)
        return _PAGES.TemplateResponse(request, "signed_out.html", {})

    def _signed_in(self, grant: Grant) -> dict[str, str]:
        person: Person = self._directory.person(grant.person)
        return {
            "access_token": self._issuer.access_token(person, grant.client_id),
            "id_token": self._issuer.id_token(person, grant.client_id, grant.nonce),
            "scope": "openid profile email",
        }

    def _check(self, asked: QueryParams | FormData) -> None:
        """Refuse a request for a sign-in that is not exactly what we offer, before anybody is redirected."""
        client = self._directory.client(_text(asked, "client_id"))
        if client is None or not client.redirects:
            raise HTTPException(400, "client_id names no client that signs people in.")
        if not _on_loopback(_text(asked, "redirect_uri"), client.redirects):
            raise HTTPException(400, f"redirect_uri must be on this machine, with a path of {client.redirects}.")
        if _text(asked, "response_type") != "code":
            raise HTTPException(400, "response_type must be code.")
        if _text(asked, "code_challenge_method") != "S256" or not _text(asked, "code_challenge"):
            raise HTTPException(400, "PKCE is required: code_challenge with code_challenge_method=S256.")

    def _client(self, request: Request, form: FormData) -> Client:
        client_id, secret = _basic(request) or (_text(form, "client_id"), _text(form, "client_secret"))
        client = self._directory.client(client_id)
        if client is None or client.secret != secret:
            raise Refused("invalid_client", "unknown client or wrong secret")
        return client


def _text(values: QueryParams | FormData, name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        raise Refused("invalid_client", "malformed Authorization header") from None
    return unquote(name), unquote(secret)


def _on_loopback(address: str, paths: tuple[str, ...]) -> bool:
    """Whether an address is one of the paths on this machine, on any port (RFC 8252, section 7.3)."""
    found = _LOOPBACK.fullmatch(address)
    return found is not None and found["path"] in paths


async def _oauth_error(_: Request, error: Exception) -> JSONResponse:
    code = error.error if isinstance(error, Refused) else "server_error"
    status = 401 if code == "invalid_client" else 400
    return JSONResponse({"error": code, "error_description": str(error)}, status, headers={"Cache-Control": "no-store"})
