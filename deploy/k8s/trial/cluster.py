"""The cluster that KUBECONFIG names, through kubectl; and what its pods say of themselves."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from manifests.parts import Object


class Failed(Exception):
    """A check saw something else than it demands; the text says what."""


@dataclass(frozen=True)
class Cluster:
    """A namespace of a cluster, and the kubectl to speak to it with."""

    program: Path
    namespace: str

    def run(self, *arguments: str, given: str = "", check: bool = True, seconds: float = 600) -> str:
        """What kubectl prints; raises Failed with its complaint."""
        command = [str(self.program), "-n", self.namespace, *arguments]
        told = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=seconds)
        if check and told.returncode != 0:
            raise Failed(f"kubectl {' '.join(arguments)[:200]}: {told.stderr.strip()[-800:]}")
        return told.stdout if told.returncode == 0 else told.stderr

    def get(self, *arguments: str) -> Any:
        """An object or a list, as JSON."""
        return json.loads(self.run("get", *arguments, "-o", "json"))

    def apply(self, objects: Sequence[Object], *flags: str) -> str:
        """Apply objects."""
        return self.run(
            "apply", *flags, "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        )

    def pods(self, name: str, component: str) -> list[Any]:
        """The pods of a workload that are not on their way out, oldest first."""
        selector = f"app.kubernetes.io/name={name},app.kubernetes.io/component={component}"
        found = [one for one in self.get("pods", "-l", selector)["items"] if "deletionTimestamp" not in one["metadata"]]
        return sorted(found, key=lambda one: str(one["metadata"]["creationTimestamp"]))

    def workloads(self) -> list[Any]:
        """Every Deployment and StatefulSet."""
        return list(self.get("deployments,statefulsets")["items"])

    def settle(self, seconds: float = 300) -> float:
        """Wait until every workload has all its replicas ready and current; the seconds that it took."""
        return until(lambda: not self.unready(), seconds, lambda: f"not ready: {', '.join(self.unready())}")

    def unready(self) -> list[str]:
        """The workloads that are not whole."""
        return [one["metadata"]["name"] for one in self.workloads() if not _whole(one)]

    def rollout(self, kind: str, name: str, seconds: int = 300) -> float:
        """Wait for a rollout to end; the seconds that it took."""
        begin = time.monotonic()
        self.run("rollout", "status", f"{kind}/{name}", f"--timeout={seconds}s", seconds=seconds + 30)
        return time.monotonic() - begin

    def python(self, pod: str, source: str, *arguments: str, seconds: float = 300) -> str:
        """What a few lines of Python print inside a pod."""
        return self.run("exec", "-i", pod, "--", "/app/bin/python", "-", *arguments, given=source, seconds=seconds)


def ready_seconds(pod: Any) -> float:
    """From a pod's creation to its readiness."""
    ready = next(one for one in pod["status"]["conditions"] if one["type"] == "Ready")
    return (_time(ready["lastTransitionTime"]) - _time(pod["metadata"]["creationTimestamp"])).total_seconds()


def restarts(pod: Any) -> int:
    """How often its container was started again."""
    return sum(int(one["restartCount"]) for one in pod["status"].get("containerStatuses", []))


def until(condition: Callable[[], Any], seconds: float, what: Callable[[], str] | str) -> float:
    """Poll until a condition holds; the seconds that it took. Raises Failed."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > seconds:
            raise Failed(f"after {seconds:.0f} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.5)
    return time.monotonic() - begin


def _whole(workload: Any) -> bool:
    wanted, status = workload["spec"].get("replicas", 1), workload["status"]
    return bool(
        status.get("observedGeneration") == workload["metadata"]["generation"]
        and status.get("readyReplicas", 0) == wanted
        and status.get("updatedReplicas", status.get("currentReplicas", 0)) == wanted
        and status.get("replicas", 0) == wanted
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
