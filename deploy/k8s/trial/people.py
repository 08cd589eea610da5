"""The visitors' pod as the checks use it: load in the background, and what it saw."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from trial.cluster import Cluster, Failed

VISITOR = "visitor"


@dataclass
class Seen:
    """What a load saw, once it is over."""

    report: dict[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Calls and pages that failed."""
        return int(self.report.get("errors", 0))

    def __str__(self) -> str:
        calls = sum(self.report.get("calls", {}).values())
        text = f"{calls} calls, {self.errors} errors, slowest {self.report.get('slowest_ms')} ms"
        return text + (f", first {self.report['first_errors']}" if self.errors else "")


def ask(cluster: Cluster, *arguments: str, seconds: float = 300) -> dict[str, Any]:
    """Run the visitors' program; what it printed."""
    told = cluster.run("exec", VISITOR, "--", "/app/bin/python", "/visitor/visitor.py", *arguments, seconds=seconds)
    result: dict[str, Any] = json.loads(told.splitlines()[-1])
    return result


@contextmanager
def load(cluster: Cluster, seconds: int) -> Iterator[Seen]:
    """Visitors who work for so long, while the body does something to the platform; filled in at the end."""
    program = ["/app/bin/python", "/visitor/visitor.py", "load", str(seconds)]
    command = [str(cluster.program), "-n", cluster.namespace, "exec", VISITOR, "--", *program]
    seen = Seen()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield seen
        out, problem = process.communicate(timeout=seconds + 120)
    if process.returncode != 0:
        raise Failed(f"the visitors' program ended: {problem[-600:]}")
    seen.report = json.loads(out.splitlines()[-1])


def enough(cluster: Cluster) -> None:
    """End the load at hand before its time."""
    cluster.run("exec", VISITOR, "--", "/app/bin/python", "-c", "open('/tmp/stop', 'w')")


def verify(cluster: Cluster) -> str:
    """Whatever was acknowledged happened once and in order; raises Failed otherwise."""
    result = ask(cluster, "verify", seconds=900)
    if result["wrong_count"]:
        raise Failed(f"{result['wrong_count']} of {result['factories']} factories: {result['wrong']}")
    return f"{result['steps']} acknowledged steps of {result['factories']} factories: each once, in order"
