"""The SMTP side: accepts everything, unless a test has asked for a fault."""

import asyncio
from dataclasses import dataclass
from typing import Literal, get_args

from aiosmtpd.smtp import SMTP, Envelope, Session

from local_stack.mailbox.store import Store

Kind = Literal["none", "refuse-for-now", "refuse-for-ever", "accept-then-drop", "slow"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass
class Fault:
    """What to do with the next `times` messages instead of accepting them at once."""

    kind: Kind = "none"
    times: int = 0
    seconds: float = 0.0

    def take(self) -> Kind:
        """The kind that holds for the message at hand; uses up one time."""
        if self.times <= 0:
            return "none"
        self.times -= 1
        return self.kind


class Receiver:
    """Handler of aiosmtpd: keeps messages in the store."""

    def __init__(self, store: Store, fault: Fault) -> None:
        self._store = store
        self._fault = fault

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer to a message; RFC 5321 codes."""
        kind = self._fault.take()
        if kind == "refuse-for-now":
            return "451 4.3.0 Refused for now by a test"
        if kind == "refuse-for-ever":
            return "550 5.1.1 Refused for ever by a test"
        if kind == "slow":
            await asyncio.sleep(self._fault.seconds)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        kept = self._store.keep(envelope.mail_from or "", envelope.rcpt_tos, content)
        if kind == "accept-then-drop" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return f"250 2.0.0 Kept as {kept}"
