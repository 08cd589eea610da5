"""The status page: what runs where, in plain text, and the file that the supervisor keeps it in."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
_HEADINGS = ("part", "state", "address", "pid", "memory", "restarts")


@dataclass(frozen=True)
class PartStatus:
    """One line of the page; `memory` in bytes, `pid` 0 when it runs elsewhere or not at all."""

    name: str
    state: str
    address: str
    pid: int
    memory: int
    restarts: int


@dataclass(frozen=True)
class Status:
    """The whole page. `preparing` names the commands that run before the parts can; `demo` is the state of the
    demonstration data; `console` and `mailbox` are addresses, empty when they are not part of the stack."""

    supervisor: int
    parts: Sequence[PartStatus]
    preparing: Sequence[str]
    demo: str
    console: str = ""
    mailbox: str = ""

    @property
    def ready(self) -> bool:
        """Whether everything serves, with its demonstration data."""
        serving = all(part.state in ("ready", "elsewhere") for part in self.parts)
        return serving and not self.preparing and self.demo not in ("waiting", "running")


def write(status: Status, file: Path) -> None:
    """Replace the file; a reader sees the old page or the new one, whole."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(status), indent=1))
    fresh.rename(file)


def read(file: Path) -> Status | None:
    """The page in the file, None when there is none."""
    try:
        content = json.loads(file.read_text())
    except FileNotFoundError:
        return None
    return Status(**{**content, "parts": [PartStatus(**row) for row in content["parts"]]})


def page(status: Status, run: Path) -> str:
    """The page as text."""
    rows = [_HEADINGS, *(_row(part) for part in status.parts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([_title(status), "", *table, "", *_below(status, run)])


def _title(status: Status) -> str:
    if status.ready:
        return "Amplify is ready."
    if any(part.state == "crashed" for part in status.parts):
        return "Amplify is not whole: see the table."
    now = f": {', '.join(status.preparing)}" if status.preparing else ""
    return f"Amplify is starting{now} …"


def _below(status: Status, run: Path) -> list[str]:
    total = sum(part.memory for part in status.parts) // MEGABYTE
    lines = [f"Memory of everything: {total} MB. Demonstration data: {status.demo}. Logs: {run / 'logs'}"]
    if status.console:
        lines.append(f"Sign in at {status.console} and choose who you are on the yellow page: there is no password.")
    if status.mailbox:
        lines.append(f"Read the e-mail that Amplify sent at {status.mailbox}.")
    return lines


def _row(part: PartStatus) -> tuple[str, ...]:
    memory = f"{part.memory // MEGABYTE} MB" if part.memory else "-"
    return (part.name, part.state, part.address, str(part.pid or "-"), memory, str(part.restarts))
