"""Commands beside the running stack; each function is a command and returns its exit code."""

import os
import subprocess
import sys

from local_stack import running, tokens, trace
from local_stack.layout import Layout
from local_stack.screen import say


def create_topics(layout: Layout, republish: str, replication: int) -> int:
    """Create and verify the topics, or publish one stream again; the exit code of the command that does it.

    `replication` is the copies of each partition; 0 leaves it to the number of brokers.
    """
    try:
        if republish:
            return run_beside(layout, running.owner(republish), ["republish", republish])
        env = running.topics_environment(layout, os.environ)
    except (running.NothingRuns, KeyError) as problem:
        say(str(problem.args[0]))
        return 1
    command = [sys.executable, "-m", "chassis.topics", "--replication", str(replication)]
    return subprocess.run(command, env=env, check=False).returncode


def show_trace(layout: Layout, wanted: str) -> int:
    """Print the traces that an id leads to; 1 when it leads nowhere."""
    try:
        known = running.values(layout)
        say(trace.trace(layout, wanted, known["mongodb"], running.databases(known)))
    except (running.NothingRuns, trace.UnknownId) as problem:
        say(str(problem))
        return 1
    return 0


def print_token(layout: Layout, person: str) -> int:
    """Print an access token, for calls by hand; 1 when nobody has this key."""
    try:
        say(tokens.person_token(f"http://127.0.0.1:{running.values(layout)['identity_http']}", person))
    except (running.NothingRuns, ValueError) as problem:
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
