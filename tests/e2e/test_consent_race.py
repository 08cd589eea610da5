"""No read that begins after a withdrawal is acknowledged shows anything: ten thousand reads that do, beside others."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import grpc
import pytest

from amplify.assessment.v1.partner_service_pb2 import GetReleasedReportRequest, ListReleasedReportsRequest
from amplify.assessment.v1.partner_service_pb2_grpc import PartnerServiceStub
from amplify.programme.v1.consent_grant_pb2 import CONSENT_SCOPE_REPORTS
from local_stack.platform import Platform

from .partner import Consents
from .world import Team

pytestmark = pytest.mark.stack
ROUNDS = 10_000
READERS = 12
READS_AFTER_A_WITHDRAWAL = 60
"""Rounds that each withdrawal is judged by, the first of which begin the moment that it is acknowledged."""


@dataclass
class Read:
    """One read: when it began and ended, and whether it showed something."""

    began: float
    ended: float
    shown: bool


@dataclass
class Readers:
    """Threads that read the same report, by its name and in the list in turns, as fast as they can."""

    stub: PartnerServiceStub
    metadata: tuple[tuple[str, str | bytes], ...]
    name: str
    reads: list[Read] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin."""
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(READERS)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let the reads at hand end."""
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        try:
            while not self.stop.is_set():
                began = time.monotonic()
                shown = self._is_shown(lists=number == 0)
                if shown is not None:
                    self.reads.append(Read(began, time.monotonic(), shown))
        except Exception as error:
            self.failures.append(error)

    def _is_shown(self, *, lists: bool) -> bool | None:
        """Whether something is shown; None where the service could not ask programme in time, and so said nothing."""
        try:
            if lists:
                request = ListReleasedReportsRequest()
                return bool(self.stub.ListReleasedReports(request, metadata=self.metadata, timeout=20).total_size)
            wanted = GetReleasedReportRequest(name=self.name)
            return bool(self.stub.GetReleasedReport(wanted, metadata=self.metadata, timeout=20).released_report.name)
        except grpc.RpcError as error:
            if error.code() not in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE):
                raise
            return False if error.code() is grpc.StatusCode.NOT_FOUND else None


@pytest.fixture
def readers(stack: Platform, team: Team) -> Iterator[Readers]:
    """Readers of a bank, for a report that is released."""
    name = f"releasedReports/{team.release('bd-1010')}"
    metadata = (("authorization", f"Bearer {stack.partner_token('delta-bank-client')}"),)
    with grpc.insecure_channel(stack.addresses["assessment-partner"]) as channel:
        made = Readers(PartnerServiceStub(channel), metadata, name)
        yield made
        made.end()


def test_no_read_after_a_withdrawal_shows_anything(stack: Platform, readers: Readers) -> None:
    """A round is one read that began after a withdrawal was acknowledged and ended before the next grant was asked for.

    Reads that overlap a grant or a withdrawal go on all the time and are not judged: either answer is right for them.
    """
    consents = Consents(stack)
    readers.start()
    rounds, leaks, shown = 0, 0, 0
    while rounds < ROUNDS and not readers.failures:
        begin = len(readers.reads)
        grant = consents.grant("bd-1010", CONSENT_SCOPE_REPORTS, organisation="delta-bank")
        await_reads(readers, READERS)
        consents.withdraw(grant.name)
        acknowledged = time.monotonic()
        await_reads(readers, READS_AFTER_A_WITHDRAWAL + READERS)
        judged = [one for one in readers.reads[begin:] if one.began > acknowledged]
        rounds += len(judged)
        leaks += sum(one.shown for one in judged)
        shown += sum(one.shown for one in readers.reads[begin:] if one.began <= acknowledged)
    assert readers.failures == []
    assert (rounds >= ROUNDS, leaks) == (True, 0)
    assert shown > 0


def await_reads(readers: Readers, count: int) -> None:
    """Until so many more reads have ended."""
    enough = len(readers.reads) + count
    while len(readers.reads) < enough and not readers.failures:
        time.sleep(0.0005)
