"""Hands e-mails to an SMTP server and tells a refusal for good from trouble that passes.

Who is at fault decides: a recipient or a content the server will never take is refused for good; a server that is
away, slow, busy or does not like *us* (its settings or ours are wrong) is tried later, because an operator mends it.
"""

import re
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal, Protocol

from notifications.channels import Channel, Envelope, Refused, TryLater
from notifications.channels.email.breaker import Breaker
from notifications.channels.email.letter import write
from notifications.domain.message import Reason

DISTURBS = True
STATUS_CODE = re.compile(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")
SHUTTING_DOWN = 421
"""The one answer to whatever command that says the server is going away (RFC 5321, 4.3.2)."""

Encryption = Literal["none", "starttls", "tls"]


class Settings(Protocol):
    """The settings this channel reads."""

    smtp_host: str
    smtp_port: int
    smtp_encryption: Encryption
    smtp_user: str
    smtp_password: str
    smtp_timeout_seconds: float
    mail_from: str


@dataclass(frozen=True)
class Email:
    """The SMTP channel; one connection a message, because a kept one breaks in ways that lose answers."""

    settings: Settings
    breaker: Breaker

    def send(self, envelope: Envelope) -> None:
        """See `Channel.send`; Refused for the address or the content, TryLater for everything else."""
        try:
            letter = write(envelope, self.settings.mail_from)
        except ValueError as error:
            raise Refused(Reason.CONTENT_UNUSABLE) from error
        if not self.breaker.closed():
            raise TryLater(Reason.PROVIDER_UNAVAILABLE)
        patience = _Patience(self.settings.smtp_timeout_seconds)
        with self._connection(patience) as server:
            self._hand_over(server, patience, letter, envelope.address)

    @contextmanager
    def _connection(self, patience: "_Patience") -> Iterator[smtplib.SMTP]:
        try:
            server = self._connect(patience)
        except (OSError, smtplib.SMTPException) as error:
            self.breaker.failed()
            raise TryLater(Reason.PROVIDER_UNAVAILABLE) from error
        try:
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):
                patience.lend(server, at_most=1.0)
                server.quit()

    def _connect(self, patience: "_Patience") -> smtplib.SMTP:
        chosen = self.settings
        host, port = chosen.smtp_host, chosen.smtp_port
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if chosen.smtp_encryption == "tls":
            server = smtplib.SMTP_SSL(host, port, timeout=patience.left(), context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=patience.left())
        try:
            patience.lend(server)
            if chosen.smtp_encryption == "starttls":
                server.starttls(context=context)
            if chosen.smtp_user:
                server.login(chosen.smtp_user, chosen.smtp_password)
            server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, patience: "_Patience", letter: EmailMessage, address: str) -> None:
        try:
            patience.lend(server)
            sender = server.mail(parseaddr(self.settings.mail_from)[1])
            patience.lend(server)
            _accepted(sender, Reason.PROVIDER_REFUSED_SENDER, final=False)
            self._judge_recipient(server.rcpt(address))
            patience.lend(server)
        except (OSError, smtplib.SMTPException) as error:
            self.breaker.failed()
            raise TryLater(Reason.PROVIDER_UNAVAILABLE) from error
        try:
            answer = server.data(letter.as_bytes())
        except smtplib.SMTPDataError as error:
            answer = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
        except (OSError, smtplib.SMTPException) as error:
            self.breaker.failed()
            raise TryLater(Reason.PROVIDER_UNAVAILABLE, may_have_gone=True) from error
        self.breaker.worked()
        _accepted(answer, Reason.CONTENT_REFUSED, final=True)

    def _judge_recipient(self, answer: tuple[int, bytes]) -> None:
        """A refusal here concerns this one address, so the provider works."""
        if answer[0] == SHUTTING_DOWN:
            raise smtplib.SMTPServerDisconnected
        if answer[0] >= 400:
            self.breaker.worked()
        _accepted(answer, Reason.ADDRESS_REFUSED, final=True, passing=Reason.ADDRESS_DEFERRED)


class _Patience:
    """The time one message may take altogether, so that slow answers cannot outlast the lease of its sending."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never quite none: zero would mean not to wait at all."""
        return max(self._until - time.monotonic(), 0.05)

    def lend(self, server: smtplib.SMTP, at_most: float = float("inf")) -> None:
        """Let the server's next answer take no longer than what is left."""
        if server.sock is not None:
            server.sock.settimeout(min(self.left(), at_most))


def _accepted(
    answer: tuple[int, bytes], reason: Reason, *, final: bool, passing: Reason = Reason.PROVIDER_UNAVAILABLE
) -> None:
    """Return on a 2xx answer; `reason` is that of a 5xx, `passing` that of a 4xx.

    Of an answer's text only its enhanced status code is kept: servers like to quote addresses.
    """
    code, text = answer
    if 200 <= code < 300:
        return
    found = STATUS_CODE.match(text)
    status_code = found.group().decode() if found else ""
    if code >= 500 and final:
        raise Refused(reason, status_code)
    raise TryLater(reason if code >= 500 else passing, status_code=status_code)


def open_channel(settings: Settings) -> Channel:
    """The SMTP channel with these settings; connects only when something is sent."""
    return Email(settings, Breaker())
