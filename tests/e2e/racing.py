"""One factory that consents and takes it back, over and over, while an organisation's program reads all the time."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import grpc

from amplify.programme.v1.consent_grant_pb2 import CONSENT_SCOPE_IMPROVEMENT_PLAN, CONSENT_SCOPE_REPORTS
from amplify_client import PartnerClient, Refused
from local_stack.platform import Platform

from .partner import Consents, program_of

ROUNDS_OF_A_TOKEN = 200
"""Rounds after which the officer signs in again: tokens of people are short-lived too."""

ROUNDS_OF_A_STREAM = 10
"""Each so many rounds a stream is judged too: it waits until the retraction has come to the feed."""


@dataclass(frozen=True)
class Place:
    """A factory with a released report and a line of its plan, and an organisation that reads them; names."""

    factory: str
    organisation: str
    report: str
    line: str


class Shown(Protocol):
    """Whatever is shown names the grant under which it is."""

    consent_grant: str


Read = Callable[[PartnerClient, Place], Iterable[Shown]]
READS: Mapping[str, Read] = {
    "get report": lambda client, place: [client.released_report(place.report)],
    "list reports": lambda client, place: client.released_reports(),
    "get line": lambda client, place: [client.improvement_line(place.line)],
    "list lines": lambda client, place: client.improvement_lines(factory=f"factories/{place.factory}"),
}
OPENED = (
    (CONSENT_SCOPE_REPORTS, ("get report", "list reports")),
    (CONSENT_SCOPE_IMPROVEMENT_PLAN, ("get line", "list lines")),
)
"""What is granted in turns, and the kinds of read that it opens."""


@dataclass
class Race:
    """Rounds at one place on a thread, and reads beside them on another; a round is one grant and its withdrawal.

    Whoever reads notes when it began: what is shown under a grant whose withdrawal was acknowledged before is a leak.
    `shown` counts by kind of read how often a live grant opened something: without that a round proves nothing.
    """

    stack: Platform
    place: Place
    rounds: int
    done: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended: dict[str, float] = {}
        self._over = threading.Event()
        self._resume_token = ""
        self._threads = [threading.Thread(target=self._guarded, args=(one,)) for one in (self._race, self._beside)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until all rounds are done."""
        for thread in self._threads:
            thread.join()

    def _guarded(self, work: Callable[[PartnerClient], None]) -> None:
        try:
            with program_of(self.stack, self.place.organisation) as client:
                work(client)
        except Exception as error:
            self.failures.append(error)
        finally:
            self._over.set()

    def _race(self, client: PartnerClient) -> None:
        while self.done < self.rounds and not self.leaks and not self._over.is_set():
            if self.done % ROUNDS_OF_A_TOKEN == 0:
                consents = Consents(self.stack)
            self._round(consents, client)
            self.done += 1

    def _round(self, consents: Consents, client: PartnerClient) -> None:
        scope, kinds = OPENED[self.done % len(OPENED)]
        if self.done % ROUNDS_OF_A_STREAM == 0:
            self._follow(client, until="")
        grant = consents.grant(self.place.factory, scope, organisation=self.place.organisation).name
        self._read(client, kinds[self.done // len(OPENED) % len(kinds)])
        consents.withdraw(grant)
        self._ended[grant] = time.monotonic()
        for kind in kinds:
            self._read(client, kind)
        if self.done % ROUNDS_OF_A_STREAM == 0:
            self._follow(client, until=grant)

    def _beside(self, client: PartnerClient) -> None:
        while not self._over.is_set():
            for kind in READS:
                self._read(client, kind)

    def _read(self, client: PartnerClient, kind: str) -> None:
        began = time.monotonic()
        try:
            self._judge(kind, began, READS[kind](client, self.place))
        except Refused as refused:
            if refused.code is not grpc.StatusCode.NOT_FOUND:
                raise

    def _follow(self, client: PartnerClient, until: str) -> None:
        """Open a stream and read it as far as the retraction of a grant, or else as far as it is current."""
        began = time.monotonic()
        for item in client.follow(self._resume_token):
            self._resume_token = item.resume_token
            if item.change is None and not until:
                return
            if item.change is not None and item.change.WhichOneof("kind") in ("released_report", "improvement_line"):
                self._judge("watch", began, [item.change])
            if item.change is not None and item.change.HasField("retraction") and item.change.consent_grant == until:
                return

    def _judge(self, kind: str, began: float, shown: Iterable[Shown]) -> None:
        for one in shown:
            self.shown[kind] += 1
            if self._ended.get(one.consent_grant, began) < began:
                self.leaks.append(f"{kind} under {one.consent_grant}")
