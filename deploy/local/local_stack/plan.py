"""What a stack consists of and in which order it starts: infrastructure, topics, migrations, parts, demonstration."""

import hashlib
import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from pathlib import Path

from local_stack import parts
from local_stack.infrastructure import Infrastructure
from local_stack.layout import ROOT, Layout
from local_stack.parts import Part
from local_stack.ports import Ports
from local_stack.processes import Child
from local_stack.running import topics_variables
from local_stack.watched import Once, Step, Watched

DEMO = "demo"
_DEMO_OFF = "0"


class Plan:
    """The steps of one stack, put together from the table and the environment. Takes ports, starts nothing."""

    def __init__(
        self, layout: Layout, environ: Mapping[str, str], table: Sequence[Part], *, usual_ports: bool = True
    ) -> None:
        self._layout = layout
        self._named = {part.name: said for part in table if (said := parts.named(part, environ))}
        self._table = [part for part in table if part.name not in self._named]
        self._ports = Ports(layout.ports, usual=usual_ports)
        self._infrastructure = Infrastructure(layout, self._ports, environ)
        self.values = self._values(environ, table)
        # It is put in by the calls and the people of this stack, not into somebody's own services.
        self._with_demo = environ.get("DEMO") != _DEMO_OFF and not self._named

    def steps(self) -> list[Step]:
        """Every step; those whose work is known to be done are left out, and nobody waits for them."""
        once = [] if self._is_prepared() else self._preparation()
        watched = [*self._infrastructure_steps(), *(self._part(part) for part in self._table)]
        demo = [self._demo()] if self._with_demo and not self._layout.seeded.exists() else []
        steps: list[Step] = [*watched, *once, *demo]
        names = {step.name for step in steps}
        for step in steps:
            step.after &= names
        return steps

    def _preparation(self) -> list[Once]:
        migrations = [self._migration(part) for part in self._table if part.migrates]
        return [*migrations, self._topics()] if any("topics" in part.after for part in self._table) else migrations

    def elsewhere(self) -> dict[str, str]:
        """Addresses of what the environment names and we therefore do not run."""
        found = {"kafka": self._infrastructure.kafka, "mongodb": self._infrastructure.mongodb}
        parts_named = {name: next(iter(said.values())) for name, said in self._named.items()}
        return {name: self.values[name] for name, ours in found.items() if ours is None} | parts_named

    def addresses(self) -> dict[str, str]:
        """Addresses of everything, for other programs."""
        shown = {part.name: part.address.format_map(self.values) for part in self._table}
        partners = {
            f"{part.name}-partner": f"127.0.0.1:{self.values[f'{part.name}_partner']}"
            for part in self._table
            if "partner" in part.ports
        }
        mailbox = any(part.name == "mailbox" for part in self._table)
        smtp = {"smtp": f"127.0.0.1:{self.values['mailbox_smtp']}"} if mailbox else {}
        infrastructure = {"kafka": self.values["kafka"], "mongodb": self.values["mongodb"]}
        return {**infrastructure, **self.elsewhere(), **shown, **partners, **smtp}

    def note_prepared(self) -> None:
        """Remember that topics and migrations are done. Not when the data are elsewhere: they change without us."""
        if not self.elsewhere():
            self._stamp.parent.mkdir(exist_ok=True)  # absent when data are in volumes
            self._stamp.write_text(self._digest)

    def release(self) -> None:
        """Give the ports back."""
        self._ports.release()

    def _is_prepared(self) -> bool:
        """Whether topics and migrations have been done by these very sources on these very data."""
        return self._stamp.exists() and self._stamp.read_text() == self._digest

    @property
    def _stamp(self) -> Path:
        return self._layout.data / "prepared"

    def _values(self, environ: Mapping[str, str], table: Sequence[Part]) -> dict[str, str]:
        ports = {
            f"{part.name}_{key}": str(self._ports.take(f"{part.name}_{key}", port.usual))
            for part in table
            for key, port in part.ports.items()
        }
        named = {name: text for said in self._named.values() for name, text in said.items()}
        return {
            "run": str(self._layout.run),
            "kafka": self._infrastructure.bootstrap,
            "mongodb": self._infrastructure.uri,
            "topic_prefix": environ.get("TOPIC_PREFIX", ""),
            "database_prefix": environ.get("DATABASE_PREFIX", ""),
            **ports,
            **named,
        }

    def _infrastructure_steps(self) -> list[Watched]:
        broker, database = self._infrastructure.kafka, self._infrastructure.mongodb
        steps = []
        if broker:
            steps.append(Watched(broker.child, broker.bootstrap, frozenset(), ready=broker.ready, start=broker.start))
        if database:
            node = database.nodes[0]
            steps.append(Watched(node.child, node.host, frozenset(), ready=database.ready, start=node.start))
        return steps

    def _part(self, part: Part) -> Watched:
        child = self._child(part, part.name, parts.command_line(part))
        url = part.ready.format_map(self.values)
        address = part.address.format_map(self.values)
        after = {*part.after, f"{part.name} migration"} if part.migrates else part.after
        return Watched(child, address, frozenset(after), ready=lambda: answers(url))

    def _migration(self, part: Part) -> Once:
        command = parts.command_line(part, "migrate")
        return Once(self._child(part, f"{part.name} migration", command), frozenset({"mongodb"}))

    def _topics(self) -> Once:
        command = [sys.executable, "-m", "chassis.topics"]
        child = Child("topics", command, self._layout.logs / "topics.log", topics_variables(self.values))
        return Once(child, frozenset({"kafka"}))

    def _demo(self) -> Once:
        command = [sys.executable, "-m", "local_stack.demo"]
        child = Child(DEMO, command, self._layout.logs / "demo.log", {"RUN_DIR": str(self._layout.run)})
        return Once(child, frozenset(part.name for part in self._table), needed=False)

    def _child(self, part: Part, name: str, command: list[str]) -> Child:
        log = self._layout.logs / f"{name.replace(' ', '-')}.log"
        return Child(name, command, log, parts.environment(part, self.values))

    @cached_property
    def _digest(self) -> str:
        folders = [ROOT / "chassis" / "chassis", ROOT / "proto" / "topics", ROOT / "services"]
        files = sorted(file for folder in folders for kind in ("*.py", "*.yaml") for file in folder.rglob(kind))
        seen = [(str(file), file.stat().st_mtime_ns) for file in files if "node_modules" not in file.parts]
        return hashlib.sha256(json.dumps([self.values, seen]).encode()).hexdigest()


def answers(url: str) -> bool:
    """Whether a GET of the address succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=2.0) as answer:  # noqa: S310 - our own table names the address
            return int(answer.status) < HTTPStatus.BAD_REQUEST
    except OSError:
        return False
