"""The addresses of signing in and out."""

from datetime import UTC, datetime
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import texts
from console.rendering import Renderer
from console.settings import ConsoleSettings
from console.signin.gate import Gate
from console.signin.provider import OAuthError, Provider
from console.signin.sessions import COOKIE, Sessions


def to_sign_in(request: Request) -> Response:
    """Back to sign-in, and after it to where the person was; scripts get 401 and the address."""
    if request.headers.get("hx-request") == "true" or request.headers.get("accept") == "application/json":
        back = request.headers.get("referer", "/").split(request.headers.get("host", ""), 1)[-1]
        return Response(status_code=401, headers={"HX-Redirect": f"/sign-in?to={quote(back)}"})
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET":
        back = "/" + request.headers.get("referer", "").split("/", 3)[-1] if request.headers.get("referer") else "/"
    return RedirectResponse("/sign-in" + (f"?to={quote(back)}" if back != "/" else ""), 303)


def routes(
    settings: ConsoleSettings, provider: Provider, sessions: Sessions, renderer: Renderer, gate: Gate
) -> list[Route]:
    """The addresses, bound to what they need."""

    async def sign_in(request: Request) -> Response:
        language = texts.language(request.headers.get("accept-language", "").split(",")[0]) or texts.DEFAULT
        back, trouble = _own_path(request.query_params.get("to", "/")), request.query_params.get("trouble") == "1"
        return renderer.plain("sign_in/page.html", language, {"to": back, "trouble": trouble}, 200)

    async def start(request: Request) -> Response:
        request.session["to"] = _own_path(request.query_params.get("to", "/"))
        return await provider.send(request)

    async def callback(request: Request) -> Response:
        try:
            session = await provider.receive(request, datetime.now(UTC))
        except OAuthError:
            return RedirectResponse("/sign-in?trouble=1", 303)
        old = request.cookies.get(COOKIE)
        if old:
            await run_in_threadpool(sessions.end, old)
        await run_in_threadpool(sessions.keep, session)
        response = RedirectResponse(_own_path(request.session.pop("to", "/")), 303)
        response.set_cookie(COOKIE, session.key, httponly=True, samesite="lax", secure=settings.secure, path="/")
        return response

    async def sign_out(request: Request) -> Response:
        session = await gate.session(request)
        if session is None:
            return RedirectResponse("/sign-in", 303)
        await gate.checked_form(request, session)
        await run_in_threadpool(sessions.end, session.key)
        response = await provider.leave(session)
        response.delete_cookie(COOKIE, path="/")
        return response

    return [
        Route("/sign-in", sign_in),
        Route("/sign-in/start", start),
        Route("/sign-in/callback", callback),
        Route("/sign-out", sign_out, methods=["POST"]),
    ]


def _own_path(path: str) -> str:
    """The path if it is one of this site; the start page for anything that leads elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
