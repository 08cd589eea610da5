"""The people who use the platform while it is tried; runs in a pod, with the console's own clients.

`visitor.py seed` puts the demonstration in, `journey` goes from a planned visit to a message in the mailbox, `load
SECONDS` works without a pause and remembers what it was told, `verify` demands that each thing happened once and in
order, `spread SERVICE` counts the calls that each replica answered. Prints one JSON object.
"""

import contextlib
import functools
import http.client
import importlib
import json
import os
import re
import socket
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc

from amplify.programme.v1.factory_pb2 import Factory, SuspendReason
from amplify.programme.v1.factory_service_pb2 import (
    EnrolFactoryRequest,
    GetFactoryRequest,
    ReinstateFactoryRequest,
    SuspendFactoryRequest,
)
from amplify.programme.v1.factory_service_pb2_grpc import FactoryServiceStub
from amplify.programme.v1.timeline_service_pb2 import ListTimelineEntriesRequest
from amplify.programme.v1.timeline_service_pb2_grpc import TimelineServiceStub
from chassis import grpc_client
from local_stack import tokens
from local_stack.demo import seed
from local_stack.people import directory

ISSUER = "http://identity:9000"
ANSWER_SECONDS = 5.0
EXPECTED = ["FactoryEnrolled", "FactorySuspended", "FactoryReinstated"]
STOP = Path("/tmp/stop")  # noqa: S108 - likewise
NOTES = Path(os.environ.get("NOTES", "/tmp/acknowledged.json"))  # noqa: S108 - the pod's own


class Tokens:
    """Tokens of people, fetched anew before they end."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def of(self, person: str) -> str:
        """A token that is good for another while."""
        with self._lock:
            until, token = self._known.get(person, (0.0, ""))
            if time.monotonic() > until:
                token = tokens.person_token(ISSUER, person)
                self._known[person] = (time.monotonic() + 600, token)
            return token


TOKENS = Tokens()


def channel(service: str, person: str) -> grpc.Channel:
    """The platform's own client: balances over the replicas, retries what is safe to retry."""
    return grpc_client.channel(f"{service}:50051", functools.partial(TOKENS.of, person))


def put_in() -> dict[str, Any]:
    """The demonstration's organisations, recipients and factories."""
    with grpc.insecure_channel("programme:50051") as programme, grpc.insecure_channel("notifications:50051") as post:
        seed.organisations(programme, TOKENS.of)
        seed.recipients(post, TOKENS.of, directory().people)
        seed.factories(programme, TOKENS.of)
    return {"seeded": True}


class Load:
    """Readers, writers and a visitor of pages, until told to stop."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()
        self.errors: list[str] = []
        self.slowest = 0.0
        self.times: list[float] = []
        self.done: dict[str, int] = {}

    def run(self) -> dict[str, Any]:
        """Work until the end; what was seen."""
        jobs = [self.write, self.write, self.read, self.read, self.visit]
        threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        STOP.unlink(missing_ok=True)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        known = json.loads(NOTES.read_text()) if NOTES.exists() else {}
        NOTES.write_text(json.dumps({**known, **self.done}))
        times = sorted(self.times)
        return {
            "calls": dict(self.calls),
            "errors": len(self.errors),
            "first_errors": self.errors[:5],
            "factories": len(self.done),
            "slowest_ms": round(self.slowest * 1000),
            "p99_ms": round(times[int(len(times) * 0.99)] * 1000) if times else 0,
        }

    def _goes_on(self) -> bool:
        return time.monotonic() < self._end and not STOP.exists()

    def write(self) -> None:
        """Enrol a factory, suspend it, reinstate it; note how far it was acknowledged."""
        with channel("programme", "programme-officer") as line:
            stub = FactoryServiceStub(line)
            while self._goes_on():
                key = f"bd-t{uuid.uuid4().hex[:12]}"
                name = f"factories/{key}"
                factory = Factory(country="BD", display_name=f"Trial {key}")
                steps: list[tuple[Callable[..., Any], Any]] = [
                    (stub.EnrolFactory, EnrolFactoryRequest(factory_id=key, factory=factory, request_id=_id())),
                    (stub.SuspendFactory, SuspendFactoryRequest(name=name, reason=_reason(), request_id=_id())),
                    (stub.ReinstateFactory, ReinstateFactoryRequest(name=name, request_id=_id())),
                ]
                for number, (method, request) in enumerate(steps, 1):
                    if not self._call(type(request).__name__, functools.partial(method, request)):
                        break
                    self.done[key] = number
                time.sleep(0.3)

    def read(self) -> None:
        """Look at a factory."""
        with channel("programme", "team-leader") as line:
            stub = FactoryServiceStub(line)
            while self._goes_on():
                self._call(
                    "GetFactory", functools.partial(stub.GetFactory, GetFactoryRequest(name="factories/bd-1001"))
                )
                time.sleep(0.1)

    def visit(self) -> None:
        """Look at a page of the console, signed in."""
        browser = importlib.import_module("trial_browser").Browser()  # lies beside this file in the pod
        while self._goes_on():
            self._call("page", lambda: browser.page("/factories"))
            time.sleep(0.3)

    def _call(self, name: str, call: Callable[[], Any]) -> bool:
        begin = time.monotonic()
        try:
            call()
        except grpc.RpcError as error:
            problem = f"{name}: {error.code().name} {error.details()}"
        except OSError as error:
            problem = f"{name}: {error}"
        except Exception as error:
            problem = f"{name}: {type(error).__name__} {error}"
        else:
            problem = ""
        took = time.monotonic() - begin
        with self._lock:
            self.calls[name] += 1
            self.times.append(took)
            self.slowest = max(self.slowest, took)
            if problem:
                self.errors.append(f"{time.strftime('%H:%M:%S')} {problem}")
        return not problem


def verify() -> dict[str, Any]:
    """Every acknowledged step is in the factory's timeline once, in the order in which it was asked for."""
    known: dict[str, int] = json.loads(NOTES.read_text())
    wrong: list[str] = []
    with channel("programme", "programme-officer") as line:
        stub = TimelineServiceStub(line)
        for key, steps in known.items():
            wanted, seen, end = EXPECTED[:steps], [], time.monotonic() + 90
            while time.monotonic() < end:
                request = ListTimelineEntriesRequest(parent=f"factories/{key}", services=["programme"])
                entries = stub.ListTimelineEntries(request).timeline_entries
                # Entries of one instant may be listed either way: compare by time, then as listed from the oldest.
                events = [(one.happen_time.ToNanoseconds(), one.event.rsplit(".", 1)[-1]) for one in reversed(entries)]
                # A release that does not know the filter shows what other services told, too.
                seen = [name for _, name in sorted(events, key=lambda pair: pair[0]) if name in EXPECTED]
                if len(seen) >= len(wanted):
                    break
                time.sleep(0.5)
            # A step that was not acknowledged may have happened all the same: once, and after the others.
            if seen[: len(wanted)] != wanted or seen != EXPECTED[: len(seen)]:
                wrong.append(f"{key}: acknowledged {wanted}, seen {seen}")
    NOTES.unlink()
    return {"factories": len(known), "steps": sum(known.values()), "wrong": wrong[:5], "wrong_count": len(wrong)}


def spread(service: str) -> dict[str, Any]:
    """How many calls each replica of a service has answered."""
    found = {}
    for *_, address in socket.getaddrinfo(service, 50051, family=socket.AF_INET, type=socket.SOCK_STREAM):
        connection = http.client.HTTPConnection(str(address[0]), 9090, timeout=ANSWER_SECONDS)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        counts = re.findall(r'^rpc_server_duration_seconds_count\{.*?method="([^"]+)".*?\} (\S+)$', text, re.MULTILINE)
        found[str(address[0])] = int(sum(float(value) for method, value in counts if method.endswith("GetFactory")))
    return {"calls": found}


def journey() -> dict[str, Any]:
    """From a planned visit to the released report and the messages about it."""
    beside = importlib.import_module("trial_journey")  # lies beside this file in the pod
    result: dict[str, Any] = beside.walk(channel, ISSUER)
    return result


def _id() -> str:
    return str(uuid.uuid4())


def _reason() -> Any:
    return next(number for number in SuspendReason.values() if number)


def main() -> None:
    """Do what the command line says, and print what came of it."""
    match sys.argv[1:]:
        case ["seed"]:
            result = put_in()
        case ["load", seconds]:
            result = Load(float(seconds)).run()
        case ["verify"]:
            result = verify()
        case ["spread", service]:
            result = spread(service)
        case ["journey"]:
            result = journey()
        case other:
            raise SystemExit(f"unknown: {other}")
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
