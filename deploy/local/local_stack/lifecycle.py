"""Start, stop, look at and reset the stack of a run folder; each function is a command and returns its exit code."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from local_stack import engine, jars, status
from local_stack.engine import NoEngine
from local_stack.infrastructure import Unreachable
from local_stack.jars import NoJars
from local_stack.java import NoJava, java
from local_stack.layout import Layout
from local_stack.locks import Held, holder, is_held
from local_stack.mongo import NoMongo, mongod
from local_stack.parts import PARTS
from local_stack.plan import Plan
from local_stack.processes import StartFailed, tail
from local_stack.screen import Screen, say
from local_stack.supervisor import Supervisor, hold

DETACHED_SECONDS = 300.0
STOP_SECONDS = 90.0
NOT_RUNNING = 3


def up_in_foreground(layout: Layout, *, usual_ports: bool) -> int:
    """Start and supervise until Ctrl-C; 1 when it could not start or runs already."""
    try:
        lock = hold(layout)
    except Held as held:
        say(f"It runs already (process {held.pid}): see `make status`, or `make stop` first.")
        return 1
    screen = Screen(layout)
    try:
        plan = Plan(layout, os.environ, PARTS, usual_ports=usual_ports)
        Supervisor(layout, plan, screen.tell, screen.show).run()
    except (StartFailed, NoEngine, NoJava, NoJars, NoMongo, Unreachable) as problem:
        say(str(problem))
        return 1
    finally:
        lock.release()
    return 0


def detach(layout: Layout) -> int:
    """Start in the background and wait until it is ready; 1 when it does not become so."""
    log = layout.logs / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", "local_stack", "up"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + DETACHED_SECONDS
    while time.monotonic() < end:
        now = status.read(layout.state)
        if started.poll() is not None:
            say(tail(log, 30))
            return 1
        if now is not None and now.ready and now.supervisor == started.pid:
            say(status.page(now, layout.run))
            return 0
        time.sleep(0.2)
    say(f"Not ready after {DETACHED_SECONDS:.0f} s: see `make status` and {log}")
    return 1


def stop(layout: Layout) -> int:
    """Ask the supervisor to stop and wait for it; kill it, and with it all its parts, when it does not."""
    if not is_held(layout.lock):
        say("Nothing runs.")
        return 0
    supervisor = holder(layout.lock)
    os.kill(supervisor, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while is_held(layout.lock):
        if time.monotonic() > end:
            os.kill(supervisor, signal.SIGKILL)
        time.sleep(0.1)
    say("Stopped.")
    return 0


def show_status(layout: Layout) -> int:
    """Print the status page; 0 when all is ready, 1 when something is not, 3 when nothing runs."""
    now = status.read(layout.state) if is_held(layout.lock) else None
    if now is None:
        say("Nothing runs. Start it with `make run`.")
        return NOT_RUNNING
    say(status.page(now, layout.run))
    return 0 if now.ready else 1


def reset(layout: Layout) -> int:
    """Stop everything and delete data, messages, spans and logs; ports, keys and downloads stay."""
    stop(layout)
    for folder in (layout.data, layout.mailbox, layout.spans, layout.logs):
        shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("STACK") == "docker":
        engine.remove_volumes(layout.run)
    (layout.run / "clock").unlink(missing_ok=True)
    say("Its data are deleted.")
    return 0


def follow(layout: Layout, part: str) -> int:
    """Show the end of the logs and what is added, until Ctrl-C."""
    logs = sorted(map(str, Path(layout.logs).glob(f"{part}.log")))
    if not logs:
        say(f"There is no log of {part} in {layout.logs}.")
        return 1
    with suppress(KeyboardInterrupt):
        subprocess.run(["tail", "-n", "20", "-F", *logs], check=False)
    return 0


def fetch(layout: Layout) -> int:
    """Have everything that does not come with Python; 1 with the way out when something is missing."""
    try:
        program = java()
        say(f"Java: {program}")
        say(f"Apache Kafka: {jars.ensure(layout.jars)}")
        say(f"MongoDB: {mongod()}")
    except (NoJava, NoJars, NoMongo) as problem:
        say(str(problem))
        return 1
    return 0
