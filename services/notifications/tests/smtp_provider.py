"""A real SMTP server for tests, which can be told to misbehave as providers do."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Behaviour:
    """What the server does; `answers` maps a command (MAIL, RCPT, DATA) to the answer it gives instead of 250.

    `asked` counts the letters that somebody began to hand over.
    """

    answers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    break_after_accepting: int = 0
    asked: int = 0
    accepted: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_MAIL(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: object) -> str:
        """The sender."""
        self.asked += 1
        await asyncio.sleep(self.delay_seconds)
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: object) -> str:
        """The recipient."""
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The letter itself."""
        if "DATA" in self.answers:
            return self.answers["DATA"]
        letter = message_from_bytes(envelope.content or b"", _class=EmailMessage, policy=policy.default)  # type: ignore[arg-type]
        self.accepted.append(letter)
        self.recipients.extend(envelope.rcpt_tos)
        if self.break_after_accepting:
            self.break_after_accepting -= 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"


class Mailbox:
    """The server, on a free port of the loopback; `behaviour` may be changed while it runs."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self._held = _hold(0)
        self.port = int(self._held.getsockname()[1])
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listen; may be started again after a stop, on the same port."""
        self._controller = Controller(self.behaviour, hostname="127.0.0.1", port=self.port, ready_timeout=60)
        self._held.close()
        self._controller.start()

    def stop(self) -> None:
        """Go away, as a provider does; nobody else gets the port meanwhile."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
            self._held = _hold(self.port)

    def close(self) -> None:
        """Go away for good."""
        self.stop()
        self._held.close()


def _hold(port: int) -> socket.socket:
    """A port of the loopback, 0 for any free one, at which nobody listens."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held
