"""Messages on disk: one `.eml` file each, with the SMTP envelope in headers of its own at the top."""

import email
import email.policy
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

_ENVELOPE_TO = "X-Mailbox-Envelope-To"
_ENVELOPE_FROM = "X-Mailbox-Envelope-From"


@dataclass(frozen=True)
class Message:
    """A message that was accepted. `id` orders messages by arrival; `to` are the addresses of the envelope."""

    id: str
    received_at: datetime
    sender: str
    to: tuple[str, ...]
    content: EmailMessage

    @property
    def subject(self) -> str:
        """Its subject, decoded."""
        return str(self.content.get("Subject", ""))

    @property
    def message_id(self) -> str:
        """Its Message-ID; two messages with the same one are the same message sent again."""
        return str(self.content.get("Message-ID", ""))

    def body(self, kind: str) -> str:
        """Its body as `plain` or `html`; empty when it has none."""
        part = self.content.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


class Store:
    """The messages in a folder. Safe for one writer and several readers: a file appears whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, sender: str, to: Sequence[str], content: bytes) -> str:
        """Write a message and return its id."""
        message_id = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
        envelope = f"{_ENVELOPE_FROM}: {sender}\r\n{_ENVELOPE_TO}: {', '.join(to)}\r\n"
        unfinished = self._folder / f"{message_id}.new"
        unfinished.write_bytes(envelope.encode() + content)
        unfinished.rename(self._folder / f"{message_id}.eml")
        return message_id

    def find(self, to: str = "", limit: int = 200) -> list[Message]:
        """Messages whose recipients contain `to`, newest first."""
        wanted = to.strip().lower()
        found: list[Message] = []
        for file in self._files():
            message = _read(file)
            if not wanted or any(wanted in address.lower() for address in message.to):
                found.append(message)
            if len(found) == limit:
                break
        return found

    def get(self, message_id: str) -> Message | None:
        """One message, None when there is none with this id."""
        file = self._folder / f"{message_id}.eml"
        return _read(file) if file in set(self._files()) else None

    def clear(self) -> None:
        """Delete every message."""
        for file in self._files():
            file.unlink()

    def _files(self) -> Iterable[Path]:
        return sorted(self._folder.glob("*.eml"), reverse=True)


def _read(file: Path) -> Message:
    content = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Message(
        id=file.stem,
        received_at=datetime.fromtimestamp(int(file.stem.partition("-")[0]) / 1e9, UTC),
        sender=str(content.get(_ENVELOPE_FROM, "")),
        to=tuple(address.strip() for address in str(content.get(_ENVELOPE_TO, "")).split(",") if address.strip()),
        content=content,
    )
