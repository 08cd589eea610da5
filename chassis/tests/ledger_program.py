"""The program of the test service: `main(environment, arguments)` is a child process's whole life."""

import ctypes
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import timedelta

import ledger
import ledger_rpc

from chassis import due_work, parking, relay
from chassis.service import Service, run
from chassis.settings import Settings, load

QUICK_LEASE_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1


QUICK = (
    (relay, "LEASE_SECONDS", QUICK_LEASE_SECONDS),
    (due_work, "LEASE", timedelta(seconds=QUICK_LEASE_SECONDS)),
    (due_work, "FIRST_RETRY", timedelta(milliseconds=300)),
    (parking, "FIRST_RETRY", timedelta(milliseconds=300)),
)
"""What a test would otherwise wait for, made short: leases and retries."""


def service() -> Service:
    """The composition of the test service."""
    return Service(
        name="ledger",
        apis=[ledger_rpc.api()],
        consumers=ledger.CONSUMERS,
        due=ledger.DUE,
        documents=[ledger.AccountDocument],
    )


def main(environment: Mapping[str, str], arguments: Sequence[str], log: str) -> None:
    """Run a role as its own program would; ends by sys.exit, or by the signal that a fail point sends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(target, stream)
    os.environ.update(environment)
    for module, name, value in QUICK:
        setattr(module, name, value)
    relay.LEASE_SECONDS = float(os.environ.get("LEDGER_LEASE_SECONDS", QUICK_LEASE_SECONDS))
    ledger.register_stream()
    run(service(), load(Settings), arguments)
