"""The mailbox's pages, its JSON for tests, and its fault switch."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from local_stack.mailbox.smtp import KINDS, Fault
from local_stack.mailbox.store import Message, Store

_PAGES = Jinja2Templates(Path(__file__).parent / "templates")
# What a message brings may be shown but may not run or fetch anything.
_SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


def mailbox(store: Store, fault: Fault) -> Starlette:
    """The ASGI application over a store."""
    endpoints = _Endpoints(store, fault)
    return Starlette(
        routes=[
            Route("/", endpoints.list),
            Route("/messages/{id}", endpoints.view),
            Route("/messages/{id}/html", endpoints.html),
            Route("/messages/{id}/source", endpoints.source),
            Route("/api/messages", endpoints.messages, methods=["GET"]),
            Route("/api/messages", endpoints.clear, methods=["DELETE"]),
            Route("/api/fault", endpoints.fault, methods=["PUT"]),
        ]
    )


class _Endpoints:
    def __init__(self, store: Store, fault: Fault) -> None:
        self._store = store
        self._fault = fault

    def list(self, request: Request) -> Response:
        to = request.query_params.get("to", "")
        return _PAGES.TemplateResponse(request, "list.html", {"messages": self._store.find(to), "to": to})

    def view(self, request: Request) -> Response:
        return _PAGES.TemplateResponse(request, "message.html", {"message": self._message(request)})

    def html(self, request: Request) -> Response:
        return HTMLResponse(self._message(request).body("html"), headers=_SANDBOX)

    def source(self, request: Request) -> Response:
        return Response(self._message(request).content.as_bytes(), media_type="text/plain", headers=_SANDBOX)

    def messages(self, request: Request) -> JSONResponse:
        found = self._store.find(request.query_params.get("to", ""))
        return JSONResponse([as_json(message) for message in found])

    def clear(self, _: Request) -> Response:
        self._store.clear()
        return Response(status_code=204)

    async def fault(self, request: Request) -> JSONResponse:
        """Body: {"kind": one of KINDS, "times": how many messages, "seconds": how long when slow}."""
        asked = await request.json()
        if asked.get("kind") not in KINDS:
            raise HTTPException(400, f"kind must be one of {', '.join(KINDS)}")
        self._fault.kind = asked["kind"]
        self._fault.times = int(asked.get("times", 1))
        self._fault.seconds = float(asked.get("seconds", 0))
        return JSONResponse(asdict(self._fault))

    def _message(self, request: Request) -> Message:
        message = self._store.get(request.path_params["id"])
        if message is None:
            raise HTTPException(404, "There is no such message.")
        return message


def as_json(message: Message) -> dict[str, Any]:
    """A message as tests read it; times are RFC 3339."""
    return {
        "id": message.id,
        "received_at": message.received_at.isoformat(),
        "from": message.sender,
        "to": list(message.to),
        "subject": message.subject,
        "message_id": message.message_id,
        "text": message.body("plain"),
        "html": message.body("html"),
    }
