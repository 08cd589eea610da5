"""Lets a request in: its session, kept fresh, and proof that a form came from one of our pages."""

import asyncio
import hmac
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.forms import CSRF, MOST_FIELD_BYTES
from console.headers import MAX_BODY_BYTES
from console.signin.provider import Provider
from console.signin.sessions import COOKIE, Session, Sessions

FRESH_SECONDS = 30
MOST_READ_IN_VAIN = 64 * 1024 * 1024
FORM_LIMITS = {"max_files": 1, "max_fields": 2000, "max_part_size": MOST_FIELD_BYTES}


class Forged(Exception):
    """A form without the token of this session; nothing was done."""


class TooLarge(Exception):
    """A form with more in it, or in one of its fields, than any page sends; nothing was done."""


class Gate:
    """Finds out who asks."""

    def __init__(self, sessions: Sessions, provider: Provider) -> None:
        self._sessions = sessions
        self._provider = provider
        self._refreshing = asyncio.Lock()

    async def session(self, request: Request) -> Session | None:
        """The session behind the cookie, with a token that will last this request; None: sign in."""
        key = request.cookies.get(COOKIE)
        if not key:
            return None
        session = await self._find(key)
        if session is None or not _stale(session):
            return session
        async with self._refreshing:
            session = await self._find(key)
            if session is None or not _stale(session):
                return session
            fresh = await self._provider.refresh(session, datetime.now(UTC))
            if fresh is not None:
                await run_in_threadpool(self._sessions.keep, fresh)
            return fresh

    async def checked_form(self, request: Request, session: Session) -> FormData:
        """What was sent; raises Forged unless it carries this session's token as a field or header, or TooLarge."""
        if int(request.headers.get("content-length") or MAX_BODY_BYTES + 1) > MAX_BODY_BYTES:
            await _let_finish(request)
            raise TooLarge
        try:
            data = await request.form(**FORM_LIMITS)
        except HTTPException as error:
            raise TooLarge from error
        sent = request.headers.get("x-csrf-token") or data.get(CSRF) or ""
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            raise Forged
        return data

    async def _find(self, key: str) -> Session | None:
        return await run_in_threadpool(self._sessions.find, key, datetime.now(UTC))


async def _let_finish(request: Request) -> None:
    """Read on and keep nothing: a browser that is cut off while it sends shows its user no answer."""
    left = MOST_READ_IN_VAIN
    async for piece in request.stream():
        left -= len(piece)
        if left < 0:
            return


def _stale(session: Session) -> bool:
    return session.access_expires_at - datetime.now(UTC).timestamp() < FRESH_SECONDS
