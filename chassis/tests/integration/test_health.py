"""What a kubelet sees: ready once the schema is there and not before, live while the loops turn."""

import threading
import urllib.error
import urllib.request

import ledger_program
import pytest
from harness import World

from chassis import clock, schema
from chassis.database import db
from chassis.due_work import Due, DueWorker, deadlines
from chassis.heartbeat import Heartbeat
from chassis.service import shape
from chassis.unit_of_work import unit_of_work
from local_stack.ports import Ports
from local_stack.waiting import wait_until

pytestmark = pytest.mark.stack


def _asked(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0


def test_a_process_is_ready_once_its_schema_is_reached_and_stays_so(store: World, test_ports: Ports) -> None:
    """Afterwards the database may go away: that is no reason to take a process out of service."""
    wanted = shape(ledger_program.service())
    db().schema.delete_many({})
    port = test_ports.take("health")
    child = store.start("due", METRICS_PORT=str(port))
    wait_until(lambda: _asked(port, "/live") == 200)
    assert _asked(port, "/ready") == 503
    schema.note("another release's")
    wait_until(lambda: _asked(port, "/live") == 200)
    assert _asked(port, "/ready") == 503
    schema.note(wanted)
    wait_until(lambda: _asked(port, "/ready") == 200)
    db().schema.delete_many({})
    assert (_asked(port, "/ready"), _asked(port, "/live")) == (200, 200)
    schema.note(wanted)
    store.stop(child)


def test_a_loop_that_hangs_is_noticed(store: World) -> None:
    """A handler that never returns stops the loop, and liveness with it."""
    hanging, release = threading.Event(), threading.Event()

    def hang(due: Due) -> None:
        hanging.set()
        release.wait(120)

    worker = DueWorker({"hang": hang})
    worker.heart = Heartbeat(1.5)
    db().due_work.delete_many({})
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: worker.heart._at is not None)
        wait_until(lambda: not worker.heart.stopped())
        unit_of_work(lambda: deadlines.set("hang", "one", clock.now()))
        assert hanging.wait(60)
        wait_until(worker.heart.stopped)
    finally:
        release.set()
        worker.stop()
        thread.join(60)
    assert not worker.heart.stopped(), "it ended on purpose"
