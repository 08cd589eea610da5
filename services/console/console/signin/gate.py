"""Lets a request in: its session, kept fresh, and proof that a form came from one of our pages."""

import asyncio
import hmac
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request

from console.forms import CSRF
from console.signin.provider import Provider
from console.signin.sessions import COOKIE, Session, Sessions

FRESH_SECONDS = 30
FORM_LIMITS = {"max_files": 1, "max_fields": 2000, "max_part_size": 64 * 1024}


class Forged(Exception):
    """A form without the token of this session; nothing was done."""


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
        """What was sent; raises Forged unless it carries this session's token as a field or header."""
        data = await request.form(**FORM_LIMITS)
        sent = request.headers.get("x-csrf-token") or data.get(CSRF) or ""
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            raise Forged
        return data

    async def _find(self, key: str) -> Session | None:
        return await run_in_threadpool(self._sessions.find, key, datetime.now(UTC))


def _stale(session: Session) -> bool:
    return session.access_expires_at - datetime.now(UTC).timestamp() < FRESH_SECONDS
