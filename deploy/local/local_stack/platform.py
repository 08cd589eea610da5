"""The whole platform for end-to-end tests: every service, on free ports, in databases and topics of its own."""

import json
import sys
from dataclasses import dataclass, field
from typing import Any

import httpx

from local_stack import status, tokens
from local_stack.layout import Layout
from local_stack.people import directory
from local_stack.processes import Child

START_SECONDS = 240.0


@dataclass
class Platform:
    """A running platform: `addresses` by part name (console, identity, mailbox, smtp, programme, …); the ports for
    partners are named as `assessment-partner`."""

    layout: Layout
    child: Child
    addresses: dict[str, str] = field(default_factory=dict)

    def start(self) -> "Platform":
        """Start it and wait until everything serves; raises StartFailed with the supervisor's last lines."""
        self.child.start()
        self.child.await_ready(self._ready, START_SECONDS)
        self.addresses = json.loads(self.layout.addresses.read_text())
        return self

    def stop(self) -> None:
        """Stop everything."""
        self.child.stop(90.0)

    def token(self, person: str) -> str:
        """An access token of a person of `people.yaml`, by their key."""
        return tokens.person_token(self.addresses["identity"], person)

    def partner_token(self, client_id: str) -> str:
        """An access token of a partner's program of `people.yaml`, for the ports for partners."""
        client = directory().client(client_id)
        if client is None:
            raise ValueError(f"no program is called {client_id}")
        return tokens.service_token(self.addresses["identity"], client.id, client.secret)

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What the mailbox has for an address, newest first (see `mailbox.app.as_json`)."""
        answer = httpx.get(f"{self.addresses['mailbox']}/api/messages", params={"to": to})
        return list(answer.json())

    def advance(self, seconds: float) -> None:
        """Move the business clock of every service forward."""
        clock = self.layout.run / "clock"
        before = float(clock.read_text()) if clock.exists() else 0.0
        fresh = clock.with_suffix(".new")
        fresh.write_text(str(before + seconds))
        fresh.rename(clock)

    def _ready(self) -> bool:
        page = status.read(self.layout.state)
        return page is not None and page.supervisor == self.child.pid and page.ready


def platform(layout: Layout, kafka: str, mongodb: str, prefix: str) -> Platform:
    """A platform that is not yet started, over a given broker and database; `prefix` sets its names apart."""
    return own_platform(
        layout,
        KAFKA_BOOTSTRAP=kafka,
        MONGODB_URI=mongodb,
        TOPIC_PREFIX=f"{prefix}-",
        DATABASE_PREFIX=f"{prefix}-",
    )


def own_platform(layout: Layout, **variables: str) -> Platform:
    """A platform that is not yet started, with broker and database of its own unless the variables say otherwise."""
    command = [sys.executable, "-m", "local_stack", "up", "--any-ports"]
    return Platform(
        layout, Child("platform", command, layout.run / "platform.log", {"RUN_DIR": str(layout.run), **variables})
    )
