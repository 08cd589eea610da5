"""A world of one test: its own database and topics, the test service as child processes, and what they left behind."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import commands_seen  # noqa: F401  (it listens from the first connection on)
import ledger
import ledger_program
import pytest
from checker import Anomaly, Fact, Operation, Snapshot, check
from google.protobuf.wrappers_pb2 import Int64Value
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from chassis import database, kafka_clients, topics
from chassis.applying import Record
from chassis.consumer import Consumer
from chassis.database import Row
from chassis.relay import Relay
from chassis.service import migrate
from chassis.settings import Settings
from chassis.stream import ConsumerThread
from local_stack import topic_records
from local_stack.waiting import wait_until

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["pytest", "ledger_program"])


@dataclass
class World:
    """Database, topics and processes of one test. `operations` is what its clients were told."""

    settings: Settings
    folder: Path
    operations: list[Operation] = field(default_factory=list)
    children: list[ForkServerProcess] = field(default_factory=list)
    patched: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)
    transaction_seconds: int | None = None

    def prepare(self, *, broker: bool = True) -> "World":
        """Connect this process; create collections and, where there is a broker, topics. `close` undoes the rest."""
        for module, name, value in ledger_program.QUICK:
            self.patched.setattr(module, name, value)
        ledger.register_stream()
        database.connect(self.settings)
        # A killed process leaves its transactions open, and their documents locked, until the server ends them.
        answer = database.client().admin.command("setParameter", 1, transactionLifetimeLimitSeconds=5)
        self.transaction_seconds = int(answer["was"])
        migrate(ledger_program.service())
        for name in ("greetings", "counted", "letters", "switches"):
            database.db().create_collection(name)
        if broker:
            self.make_topics()
        return self

    def make_topics(self) -> None:
        """Create the topic, as `make topics` does."""
        assert topics.ensure(self.settings, [ledger.TEST_STREAM]) == []

    @property
    def topic(self) -> str:
        """The test stream's topic."""
        return f"{self.settings.topic_prefix}{ledger.STREAM}"

    @property
    def letters(self) -> Path:
        """Where the outside effect shows."""
        return self.folder / "letters.txt"

    def start(self, role: str, **overrides: str) -> ForkServerProcess:
        """Start the test service in this role as a child process."""
        environment = {name.upper(): str(value) for name, value in self.settings.model_dump().items() if value} | {
            "LEDGER_LETTERS": str(self.letters),
            **overrides,
        }
        os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        log = str(self.folder / "children.log")
        child = _SERVER.Process(target=ledger_program.main, args=(environment, [role], log), daemon=True)
        child.start()
        self.children.append(child)
        return child

    def stop(self, child: ForkServerProcess, seconds: float = 60.0) -> None:
        """End a child as an orchestrator does, once it heeds that, and demand that it drains without complaint."""
        pid = child.pid or 0
        wait_until(lambda: not child.is_alive() or heeds(pid, signal.SIGTERM))
        if child.is_alive():
            os.kill(pid, signal.SIGTERM)
        child.join(seconds)
        assert child.exitcode == 0, f"ended with {child.exitcode}; see {self.folder / 'children.log'}"

    def close(self) -> None:
        """Kill what still runs, and leave this process and the server as they were found."""
        for child in self.children:
            if child.is_alive() and child.pid:
                os.kill(child.pid, signal.SIGKILL)
                child.join(10)
        self.patched.undo()
        if self.transaction_seconds is not None:
            server = MongoClient[Row](self.settings.mongodb_uri, serverSelectionTimeoutMS=2000)
            with server, suppress(PyMongoError):  # a test may have killed it
                server.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=self.transaction_seconds)

    @contextmanager
    def relay(self) -> Iterator[Relay]:
        """A relay on a thread of this process."""
        relay = Relay(self.settings)
        thread = threading.Thread(target=relay.run, daemon=True)
        thread.start()
        try:
            yield relay
        finally:
            relay.stop()
            thread.join(60)
        assert not thread.is_alive()

    @contextmanager
    def consuming(self, *consumers: Consumer, member: str = "0") -> Iterator[list[ConsumerThread]]:
        """Consumers on threads of this process."""
        settings = self.settings.model_copy(update={"consumer_member": member})
        threads = [ConsumerThread(settings, "ledger", one) for one in consumers or ledger.CONSUMERS]
        for thread in threads:
            thread.start()
        try:
            wait_until(lambda: all(thread.port or thread.failure for thread in threads))
            yield threads
        finally:
            for thread in threads:
                thread.stop()
            for thread in threads:
                thread.join(60)
        assert [thread.failure for thread in threads if thread.failure or thread.is_alive()] == []

    def records(self) -> list[Record]:
        """Everything on the topic, partition by partition in order."""
        return [
            Record(ledger.STREAM, one.partition, one.offset, one.value, tuple(one.headers))
            for one in topic_records.whole(kafka_clients.looker(self.settings), self.topic)
        ]

    def settled(self) -> bool:
        """Whether no work is due, and every public fact is published and has moved every consumer's live positions."""
        db = database.db()
        if db.due_work.find_one() or db.facts.find_one({"pending": True}):
            return False
        last = {row["_id"]: row["last"] for row in db.facts.aggregate(_LAST)}
        for consumer in ledger.CONSUMERS:
            name = f"{consumer.name}@{consumer.view.live() if consumer.view else 1}"
            here = {row["key"]: row["sequence"] for row in db.positions.find({"consumer": name, "waiting": 0})}
            if not last.items() <= here.items():
                return False
        return True

    def snapshot(self) -> Snapshot:
        """What the database and the topic hold now."""
        db = database.db()
        return Snapshot(
            operations=list(self.operations),
            facts=[_fact(row) for row in db.facts.find({"stream": ledger.STREAM})],
            topic=[_place(record) for record in self.records()],
            amounts={row["_id"]: row["amounts"] for row in db.counted.find()},
            greetings={row["_id"]: row["times"] for row in db.greetings.find()},
            balances={row["_id"]: row.get("balance", 0) for row in ledger.balances.content()},
            roots={row["_id"]: row["balance"] for row in db.accounts.find()},
        )

    def anomalies(self, seconds: float = 120.0) -> list[Anomaly]:
        """Wait until nothing is under way, then every difference between history and state; none is what is right.

        What does not settle is told as differences too, and so is a parked fact.
        """
        with suppress(AssertionError):
            wait_until(self.settled, seconds)
        found = check(self.snapshot())
        found += [Anomaly("parked", f"{row['_id']} ({row['reason']})") for row in database.db().parked.find()]
        if not found and not self.settled():
            found.append(Anomaly("unsettled", "facts are pending or positions behind"))
        return found


_LAST: list[Mapping[str, Any]] = [
    {"$match": {"stream": ledger.STREAM}},
    {"$group": {"_id": "$key", "last": {"$max": "$sequence"}}},
]


def _fact(row: Mapping[str, Any]) -> Fact:
    amount = Int64Value.FromString(bytes(row["value"])).value if row["type"].endswith("Int64Value") else None
    return Fact(row["event_id"], row["key"], row["sequence"], row["order"], amount)


def _place(record: Record) -> tuple[str, int, str]:
    headers = dict(record.headers)
    return headers["ce_subject"].decode(), int(headers["ce_sequence"]), headers["ce_id"].decode()


def heeds(pid: int, number: signal.Signals) -> bool:
    """Whether a process has begun to handle a signal, which would have ended it before."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line for line in lines if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


def frozen(pid: int) -> bool:
    """Whether a process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"
