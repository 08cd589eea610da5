"""Where the things of one clone live: everything that may be deleted is under `.run/`."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_CLONE = ROOT / "deploy" / "local"
LOCAL = _CLONE if _CLONE.exists() else Path(sys.prefix) / "share"
"""People and lists of the demonstration: in the clone, or where an image that was built from it keeps them."""
KAFKA_VERSION = "4.3.1"


@dataclass(frozen=True)
class Layout:
    """Paths under one run folder; two folders are two stacks that know nothing of each other."""

    run: Path

    @property
    def tools(self) -> Path:
        """What is downloaded once and survives `make reset`: Kafka's jars."""
        return ROOT / ".run"

    @property
    def jars(self) -> Path:
        """The class path of Kafka."""
        return self.tools / f"kafka-{KAFKA_VERSION}"

    @property
    def data(self) -> Path:
        """Files of the broker and the database."""
        return self.run / "data"

    @property
    def logs(self) -> Path:
        """One log for each part."""
        return self.run / "logs"

    @property
    def spans(self) -> Path:
        """Spans as JSON lines, one file for each service."""
        return self.run / "spans"

    @property
    def mailbox(self) -> Path:
        """Messages that the development mailbox received."""
        return self.run / "mailbox"

    @property
    def identity(self) -> Path:
        """Signing key of the development identity provider."""
        return self.run / "identity"

    @property
    def ports(self) -> Path:
        """The port of each part, kept so that a second start has the same addresses."""
        return self.run / "ports.json"

    @property
    def addresses(self) -> Path:
        """Addresses of the running stack, for other programs."""
        return self.run / "addresses.json"

    @property
    def values(self) -> Path:
        """What the environments of the running parts are made of, for commands run beside them."""
        return self.run / "values.json"

    @property
    def state(self) -> Path:
        """What the supervisor knows of each part, rewritten every second while it runs."""
        return self.run / "state.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives; holds its process id."""
        return self.run / "supervisor.lock"

    @property
    def seeded(self) -> Path:
        """Marks that the demonstration data are in."""
        return self.data / "seeded"


def default_layout() -> Layout:
    """The layout of this clone, or of the folder that RUN_DIR names; with STACK=docker its own, for its data differ."""
    usual = ROOT / ".run" / "docker" if os.environ.get("STACK") == "docker" else ROOT / ".run"
    return Layout(Path(os.environ.get("RUN_DIR") or usual).resolve())
