"""A broker and a database for measurements alone, and processes that start fresh for each side."""

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from chassis.ids import new_id
from chassis.settings import Settings
from local_stack.infrastructure import Infrastructure
from local_stack.layout import Layout, default_layout
from local_stack.ports import Ports

T = TypeVar("T")


@dataclass(frozen=True)
class Stack:
    """Addresses of the private broker and database, and the process whose CPU time counts as the database's."""

    bootstrap: str
    uri: str
    mongod: int

    def settings(self, **more: Any) -> Settings:
        """Settings with a database and topics that nobody has used yet."""
        name = f"bench-{new_id()[-12:]}"
        values = {"environment": "test", "consumer_session_seconds": 6.0, **more}
        return Settings(
            mongodb_uri=self.uri,
            mongodb_database=name,
            kafka_bootstrap=self.bootstrap,
            topic_prefix=f"{name}-",
            **values,
        )


@contextmanager
def started() -> Iterator[Stack]:
    """Start Kafka and mongod on free ports, with an empty data folder, and stop them afterwards."""
    layout = Layout(default_layout().run / "bench")
    shutil.rmtree(layout.run, ignore_errors=True)
    ports = Ports(layout.ports, usual=False)
    infrastructure = Infrastructure(layout, ports, {})
    try:
        infrastructure.start()
        assert infrastructure.mongodb is not None
        yield Stack(infrastructure.bootstrap, infrastructure.uri, infrastructure.mongodb.nodes[0].child.pid)
    finally:
        infrastructure.stop()
        ports.release()


def apart(work: Callable[..., T], *arguments: Any) -> T:
    """Run `work` in a fresh interpreter and return its result, so that no side inherits the other's state."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()
