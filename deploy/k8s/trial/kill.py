"""SIGKILL for the process of a pod: from its node, for nobody inside a pod can kill the first process there."""

import json
import time
from typing import Any

from trial.cluster import Cluster, Failed

NAMESPACE = "amplify-trial-node"
UNRESTRICTED = {"pod-security.kubernetes.io/enforce": "privileged"}
NAME = "node"
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": NAME},
    "spec": {
        "hostPID": True,
        "terminationGracePeriodSeconds": 1,
        "containers": [
            {
                "name": NAME,
                "image": "amplify/development",
                "imagePullPolicy": "IfNotPresent",
                "command": ["/app/bin/python", "-c", "import time; time.sleep(86400)"],
                # Nothing but the right to signal what it sees, and its own folder: not a privileged container.
                "securityContext": {
                    "runAsUser": 0,
                    "capabilities": {"drop": ["ALL"], "add": ["KILL", "DAC_READ_SEARCH"]},
                },
                "volumeMounts": [{"name": "volumes", "mountPath": "/volumes"}],
            }
        ],
        "volumes": [{"name": "volumes", "hostPath": {"path": "/var/lib/amplify-trial", "type": "DirectoryOrCreate"}}],
    },
}
KILLED = (
    *(("programme", role) for role in ("grpc", "stream", "relay", "due")),
    ("assessment", "stream"),
    ("training", "relay"),
    ("finance-linkage", "grpc"),
    ("notifications", "due"),
    ("console", "web"),
)
"""Each role of the service that the load writes to, one role of each other service, and the pages."""
FIND_AND_KILL = """
import os, pathlib, sys
wanted = sys.argv[1]
found = []
for path in pathlib.Path("/proc").glob("[0-9]*/cgroup"):
    try:
        if wanted in path.read_text() and "python" in (path.parent / "comm").read_text():
            found.append(int(path.parent.name))
    except OSError:
        pass
os.kill(min(found), 9)
print(min(found))
"""


def node(cluster: Cluster) -> Cluster:
    """The namespace of the pod that reaches its node; outside of what is tried, and removed at the end."""
    return Cluster(cluster.program, NAMESPACE)


def prepare(cluster: Cluster, image: str) -> None:
    """Start the pod that reaches its node, in its namespace."""
    helper = node(cluster)
    pod = json.loads(json.dumps(POD))
    pod["spec"]["containers"][0]["image"] = image
    helper.apply([pod])
    helper.run("wait", "--for=condition=Ready", f"pod/{NAME}", "--timeout=120s")


def kill_process(cluster: Cluster, pod: Any) -> int:
    """Kill the first process of a pod with SIGKILL; the exit code that its container is said to have had."""
    name = pod["metadata"]["name"]
    container = pod["status"]["containerStatuses"][0]["containerID"].rpartition("/")[2]
    node(cluster).python(NAME, FIND_AND_KILL, container)
    for _ in range(60):
        state = cluster.get("pod", name)["status"]["containerStatuses"][0]
        for ended in (state["state"].get("terminated"), state.get("lastState", {}).get("terminated")):
            if ended and ended["containerID"].endswith(container):
                return int(ended["exitCode"])
        time.sleep(0.5)
    raise Failed(f"{name} lives on")
