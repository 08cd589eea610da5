"""`python -m local_stack --help`: start, stop and look at the stack of this clone, and run commands beside it."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from local_stack import jars, running, status, trace
from local_stack.infrastructure import Unreachable
from local_stack.jars import NoJars
from local_stack.java import NoJava, java
from local_stack.layout import Layout, default_layout
from local_stack.locks import Held, holder, is_held
from local_stack.mongo import NoMongo, mongod
from local_stack.parts import PARTS
from local_stack.plan import Plan
from local_stack.processes import StartFailed, tail
from local_stack.status import Status
from local_stack.supervisor import Supervisor, hold

DETACHED_SECONDS = 300.0
STOP_SECONDS = 90.0
NOT_RUNNING = 3


def main() -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(prog="local_stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start everything, in the foreground")
    up.add_argument("--detach", action="store_true", help="leave it running in the background")
    up.add_argument("--any-ports", action="store_true", help="leave the usual ports to others, as tests do")
    commands.add_parser("stop", help="stop everything")
    commands.add_parser("status", help="show what runs where; exit code 3 when nothing runs")
    commands.add_parser("reset", help="stop everything and delete its data")
    logs = commands.add_parser("logs", help="follow the logs")
    logs.add_argument("part", nargs="?", default="*", help="of this part only")
    commands.add_parser("fetch", help="fetch Kafka's jars and check that Java and mongod are there")
    topics = commands.add_parser("topics", help="create and verify topics; of KAFKA_BOOTSTRAP if that is set")
    topics.add_argument("--republish", metavar="STREAM", default="", help="publish a stream again from the facts")
    trace_one = commands.add_parser("trace", help="show a trace")
    trace_one.add_argument("id", help="of a trace, an event or a resource")
    beside = commands.add_parser("run", help="run a command of a service beside the running stack")
    beside.add_argument("service")
    beside.add_argument("arguments", nargs="+", help="as in: programme parked")
    chosen = parser.parse_args()
    layout = default_layout()
    match chosen.command:
        case "up":
            return detach(layout) if chosen.detach else up_in_foreground(layout, usual_ports=not chosen.any_ports)
        case "stop":
            return stop(layout)
        case "status":
            return show_status(layout)
        case "reset":
            return reset(layout)
        case "fetch":
            return fetch(layout)
        case "topics":
            return create_topics(layout, chosen.republish)
        case "trace":
            return show_trace(layout, chosen.id)
        case "run":
            return run_beside(layout, chosen.service, chosen.arguments)
        case _:
            return follow(layout, chosen.part)


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
    except (StartFailed, NoJava, NoJars, NoMongo, Unreachable) as problem:
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
    for file in (layout.seeded, layout.run / "clock"):
        file.unlink(missing_ok=True)
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


def create_topics(layout: Layout, republish: str) -> int:
    """Create and verify the topics, or publish one stream again; the exit code of the command that does it."""
    if republish:
        return run_beside(layout, running.owner(republish), ["republish", republish])
    try:
        env = running.topics_environment(layout, os.environ)
    except running.NothingRuns as problem:
        say(str(problem))
        return 1
    return subprocess.run([sys.executable, "-m", "chassis.topics"], env=env, check=False).returncode


def show_trace(layout: Layout, wanted: str) -> int:
    """Print the traces that an id leads to; 1 when it leads nowhere."""
    try:
        known = running.values(layout)
        say(trace.trace(layout, wanted, known["mongodb"], running.databases(known)))
    except (running.NothingRuns, trace.UnknownId) as problem:
        say(str(problem))
        return 1
    return 0


def run_beside(layout: Layout, service: str, arguments: list[str]) -> int:
    """Run a service's own command with the environment that the running service has; its exit code."""
    try:
        command, environment = running.command(layout, service, *arguments)
    except (running.NothingRuns, KeyError) as problem:
        say(str(problem.args[0]))
        return 1
    return subprocess.run(command, env=environment, check=False).returncode


class Screen:
    """Shows the status page: redrawn in place on a terminal, elsewhere printed when it becomes ready."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._live = sys.stdout.isatty()
        self._was_ready = False
        self._told: deque[str] = deque(maxlen=8)

    def tell(self, line: str) -> None:
        """Show a line with its time: below the page on a terminal, else at once."""
        timed = f"{time.strftime('%H:%M:%S')} {line}"
        self._told.append(timed)
        if not self._live:
            say(timed)

    def show(self, now: Status) -> None:
        """Take note of the page as it is now."""
        text = status.page(now, self._layout.run)
        if self._live:
            lines = "\n".join([text, "Ctrl-C stops everything.", "", *self._told])
            sys.stdout.write(f"\x1b[H\x1b[J{lines}\n")
            sys.stdout.flush()
        elif now.ready and not self._was_ready:
            say(text)
        self._was_ready = now.ready


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
