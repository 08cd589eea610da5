"""One released report to its first effects in all services, on the whole platform, against a bare round trip.

An effect is committed together with its consumer's position, so positions are watched: those of every consumer that
the registry names for the stream, and those of the timeline for the lines that open in turn. Finance linkage's effect
is its dossier. Its decisions on every product come later, as due work; they, what they lead to, and the sending of
messages are not measured.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from bench import delay
from bench.measuring import Comparison, compare, quantile
from bench.reports import Reporting
from bench.stack import Stack
from chassis.ids import new_id
from chassis.registry import streams
from local_stack.layout import Layout, default_layout
from local_stack.platform import Platform, platform
from local_stack.waiting import wait_until

FACTORIES, ROUNDS, WARM_UP = 13, 2, 2
FINDINGS = 5
"""Others in each round, so that a round opens as many lines and confirms those of the round before."""

STREAM, FOLLOWING = "assessment-assessments", "assessment-improvement-plans"
PATIENCE_SECONDS = 60.0


def run(stack: Stack) -> list[Comparison]:
    """Milliseconds from the answer to the release; one report at a time, each with five findings."""
    with _started(stack) as (running, prefix):
        released = _measure(stack, running, prefix)
    bare = delay.bare(stack.settings())
    effects = {name: [one[name] for one in released] for name in released[0]}
    last = [max(one.values()) for one in released]
    what = f"report released to all its consumers and the timeline of its lines, of {len(last)}"
    rows = [_median(what, last, bare), compare(f"{what}, maximum", [max(last)], [max(bare)], "ms")]
    return rows + [_median(f"… to {name}", effects[name], bare) for name in sorted(effects)]


def _median(what: str, ours: list[float], bare: list[float]) -> Comparison:
    return compare(f"{what}, p50", [quantile(ours, 0.5)], [quantile(bare, 0.5)], "ms")


@contextmanager
def _started(stack: Stack) -> Iterator[tuple[Platform, str]]:
    """The whole platform on the private broker and database, and what its databases' names begin with."""
    prefix = f"bench-{new_id()[-8:]}"
    layout = Layout(default_layout().run / "bench" / "platform")
    running = platform(layout, stack.bootstrap, stack.uri, prefix)
    try:
        yield running.start(), f"{prefix}-"
    finally:
        running.stop()


def _measure(stack: Stack, running: Platform, prefix: str) -> list[dict[str, float]]:
    """For each release: effect -> milliseconds."""
    found = []
    with MongoClient[dict[str, Any]](stack.uri) as client, Watch(client, prefix) as watch, Reporting(running) as team:
        for number in range(FACTORIES * ROUNDS):
            around, factory = number // FACTORIES, f"bd-{1001 + number % FACTORIES}"
            assessment = team.prepare(factory, range(around * FINDINGS, (around + 1) * FINDINGS))
            at = team.release(assessment)
            expected = dict.fromkeys(streams()[STREAM].consumers, (STREAM, assessment, 3))
            lines = {"programme/timeline of its lines": (FOLLOWING, factory, FINDINGS * (1 + 2 * around))}
            times = {name: watch.until(name.split(" ")[0], *place) for name, place in (expected | lines).items()}
            if number >= WARM_UP:
                found.append({name: (reached - at) * 1000 for name, reached in times.items()})
    return found


@dataclass
class Watch:
    """Notes when each position of the platform's services is committed; used with `with`."""

    client: MongoClient[dict[str, Any]]
    prefix: str
    reached: dict[tuple[str, str, str, int], float] = field(default_factory=dict)

    def __enter__(self) -> "Watch":
        match = {"ns.coll": "positions", "ns.db": {"$regex": f"^{self.prefix}"}}
        self._changes = self.client.watch([{"$match": match}], full_document="updateLookup")
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._changes.close()

    def until(self, consumer: str, stream: str, key: str, sequence: int) -> float:
        """When the consumer, as service/consumer, stood at this fact of the aggregate; waits for it."""
        service, name = consumer.split("/")
        place = (f"{service.replace('-', '_')}/{name}", stream, key, sequence)
        return float(wait_until(lambda: self.reached.get(place), PATIENCE_SECONDS))

    def _run(self) -> None:
        """Follow until the end; what is missed shows where it is waited for."""
        with suppress(PyMongoError):
            for change in self._changes:
                self._note(change)

    def _note(self, change: dict[str, Any]) -> None:
        now, row = time.time(), change.get("fullDocument")
        if row is not None:
            service = change["ns"]["db"].removeprefix(self.prefix)
            consumer = f"{service}/{row['consumer'].split('@')[0]}"
            for sequence in range(row["sequence"], 0, -1):
                place = (consumer, row["stream"], row["key"], sequence)
                if place in self.reached:
                    break
                self.reached[place] = now
