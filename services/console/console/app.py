"""Puts the console together: pages behind the gate, sign-in before it, and an answer to every trouble."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from opentelemetry.trace import SpanKind
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chassis import cause, telemetry
from chassis.ids import new_id
from console import texts
from console.clients.services import Channels
from console.clients.troubles import Down, Refused, SignedOut, Trouble
from console.forms import Form
from console.headers import Headers
from console.last_shown import LastShown
from console.page import Page
from console.page import Route as PageRoute
from console.rendering import PACKAGE, Renderer
from console.settings import ConsoleSettings
from console.signin.gate import Forged, Gate, TooLarge
from console.signin.provider import Provider
from console.signin.routes import routes as sign_in_routes
from console.signin.routes import to_sign_in
from console.signin.sessions import Session, Sessions
from console.tool import Tools
from console.visit import Visit
from console.zones import Zones

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Console:
    """What all pages share."""

    gate: Gate
    sessions: Sessions
    channels: Channels
    renderer: Renderer
    zones: Zones
    tools: Tools
    last_shown: LastShown

    def visit(self, page: Page, request: Request, session: Session, form: Form) -> Visit:
        """The request as a view sees it."""
        spoken = texts.language(session.language) or texts.language(request.headers.get("accept-language", "")[:2])
        return Visit(
            request=request,
            page=page.name,
            me=session,
            sessions=self.sessions,
            language=spoken or texts.DEFAULT,
            services=self.channels.speak_for(session.access_token),
            renderer=self.renderer,
            zones=self.zones,
            tools=self.tools,
            last_shown=self.last_shown,
            form=form,
            as_json=request.url.path.endswith(".json"),
        )

    def endpoint(self, page: Page, route: PageRoute) -> Endpoint:
        """The route as Starlette calls it: gate and form on the event loop, the view on a thread."""

        async def answer(request: Request) -> Response:
            session = await self.gate.session(request)
            if session is None:
                return to_sign_in(request)
            form = Form()
            if route.method == "POST":
                try:
                    form = Form.sent(await self.gate.checked_form(request, session))
                except Forged:
                    visit = await run_in_threadpool(self.visit, page, request, session, form)
                    return self._trouble(visit, 403, "kit.trouble_forged")
                except TooLarge:
                    handler = route.too_large or self._too_large
                    return await run_in_threadpool(
                        self._answer, page, replace(route, handler=handler), request, session, form
                    )
            return await run_in_threadpool(self._answer, page, route, request, session, form)

        return answer

    def _answer(self, page: Page, route: PageRoute, request: Request, session: Session, form: Form) -> Response:
        visit = self.visit(page, request, session, form)
        story = cause.Cause(correlation_id=new_id())
        span = telemetry.span(telemetry.SpanName.PAGE, f"{route.method} {route.path}", kind=SpanKind.SERVER)
        with span, cause.because(story):
            if not page.open_to(visit.roles):
                response = self._trouble(visit, 403, "kit.trouble_denied")
            else:
                response = self._attempt(visit, route)
            response.headers["x-trace-id"] = telemetry.traceparent()[3:35]
        return response

    def _attempt(self, visit: Visit, route: PageRoute) -> Response:
        try:
            return route.handler(visit)
        except SignedOut:
            return to_sign_in(visit.request)
        except Down as trouble:
            return self._down(visit, trouble)
        except Refused as refusal:
            known = {"NOT_FOUND": (404, "kit.trouble_missing"), "PERMISSION_DENIED": (403, "kit.trouble_denied")}
            if refusal.code.name in known:
                return self._trouble(visit, *known[refusal.code.name])
            return self._trouble(
                visit, 400, "kit.trouble_refused", why=visit.reason(refusal.reason, refusal.description)
            )
        except Trouble:
            return self._trouble(visit, 502, "kit.trouble_unknown")

    def _down(self, visit: Visit, trouble: Down) -> Response:
        """For a page that can show nothing without this service: since when it is away, and the way to try again."""
        said = visit.say("kit.trouble_down", service=visit.say(f"kit.service_{trouble.service}"))
        again = visit.address if visit.request.method == "GET" else ""
        context = {"said": said, "status": 503, "since": trouble.since, "again": again}
        return self.renderer.respond(visit, "trouble.html", context, 503)

    def _too_large(self, visit: Visit) -> Response:
        return self._trouble(visit, 413, "kit.trouble_too_large")

    def _trouble(self, visit: Visit, status: int, key: str, **values: str) -> Response:
        context = {"said": visit.say(key, **values), "status": status}
        return self.renderer.respond(visit, "trouble.html", context, status)


def page_addresses(console: Console, pages: tuple[Page, ...]) -> list[Route]:
    """Every address of every page; those that are spelt out come before those that take a name, twins before both."""
    routes = [(page, route) for page in pages for route in page.routes]
    twins = [
        Route(f"{route.path}.json", console.endpoint(page, route), methods=["GET"])
        for page, route in routes
        if route.twin
    ]
    plain = [Route(route.path, console.endpoint(page, route), methods=[route.method]) for page, route in routes]
    return sorted(twins, key=_by_name) + sorted(plain, key=_by_name)


def _by_name(route: Route) -> int:
    return route.path.count("{") + (1000 if route.path.endswith("}") else 0)


def build(settings: ConsoleSettings, pages: tuple[Page, ...], sessions: Sessions, channels: Channels) -> Starlette:
    """The web application."""
    renderer = Renderer(pages, development=settings.development_identity)
    provider = Provider(settings)
    gate = Gate(sessions, provider)
    console = Console(gate, sessions, channels, renderer, Zones(), Tools(), LastShown())
    addresses: list[Route | Mount] = [
        *sign_in_routes(settings, provider, sessions, renderer, gate),
        Route("/live", lambda _: PlainTextResponse("ok")),
        Mount("/static", GZipMiddleware(StaticFiles(directory=PACKAGE / "static"), minimum_size=1024)),
    ]
    addresses += page_addresses(console, pages)

    async def missing(request: Request, _error: Exception) -> Response:
        spoken = texts.language(request.headers.get("accept-language", "")[:2]) or texts.DEFAULT
        said = {"said": texts.say("kit.trouble_missing", spoken), "status": 404}
        return renderer.plain("trouble.html", spoken, said, 404)

    async def broken(request: Request, _error: Exception) -> Response:
        spoken = texts.language(request.headers.get("accept-language", "")[:2]) or texts.DEFAULT
        said = {"said": texts.say("kit.trouble_unknown", spoken), "status": 500}
        return renderer.plain("trouble.html", spoken, said, 500)

    return Starlette(
        routes=addresses,
        exception_handlers={404: missing, 500: broken},
        middleware=[
            Middleware(Headers, settings=settings),
            Middleware(
                SessionMiddleware,
                secret_key=settings.session_secret,
                session_cookie="amplify_sign_in",
                max_age=600,
                path="/sign-in",
                same_site="lax",
                https_only=settings.secure,
            ),
        ],
    )
